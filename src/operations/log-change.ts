import { type SQL, sql } from 'drizzle-orm';
import type { ChangeKind, DtmfView } from '../model/call.ts';
import type { JsonObject } from '../model/json.ts';
import { WHOLE_CALL } from '../model/shape.ts';
import { type Executor, firstRow, type Transaction } from '../store/database.ts';
import { callJson } from '../store/queries/json.ts';

/** Whom a change of the call `c` concerns. */
export const AUDIENCE = sql`
  (select coalesce(array_agg(distinct e.id), '{}') from participants p join extensions e on e.id = p.extension_id
    where p.call_id = c.id) as extension_ids,
  (select coalesce(array_agg(distinct e.owner_id) filter (where e.owner_id is not null), '{}')
    from participants p join extensions e on e.id = p.extension_id where p.call_id = c.id) as owner_ids`;

/**
 * Begins a transaction that changes this call, and no other. The log is read in the order of transaction ids, and
 * Postgres may give one out before it waits for a row: only a lock that needs none keeps a call's changes in order.
 */
export async function lockCall(tx: Executor, callId: string | SQL): Promise<void> {
  await tx.rows(sql`select ${lockOf(callId)}`);
}

/** Takes the lock of a call, until the transaction ends. */
export const lockOf = (callId: string | SQL) =>
  sql`pg_advisory_xact_lock(hashtextextended((${callId})::uuid::text, 0))`;

/** The same, and gives columns of the call as they are then: a row that is locked is read anew after the wait. */
export const lockedCall = <Row>(tx: Executor, callId: string, columns: SQL) =>
  firstRow<Row>(
    tx,
    sql`with lock as materialized (select ${lockOf(callId)})
      select ${columns} from calls c, lock where c.id = ${callId}::uuid for update of c`,
  );

/** The same for a transaction that changes many: in one order, so that no two of them wait for each other. */
export async function lockCalls(tx: Executor, callIds: readonly string[]): Promise<void> {
  await tx.rows(sql`select pg_advisory_xact_lock(hashtextextended(id::text, 0))
    from (select id from unnest(${sql.param(callIds)}::uuid[]) id order by id) ids`);
}

/**
 * Writes what has changed into the log, one entry a kind, in the transaction of the change itself.
 * The snapshot is built from the rows as they stand, by the same SQL that readers use. Kinds are a closed list and
 * stand in the text: for a list of unknown length Postgres plans anew each time, which takes longer than the change.
 * @param dtmf what was pressed, for DTMF; without it that says that what was pressed has been erased.
 */
export async function logChange(
  tx: Executor,
  callId: string,
  kinds: readonly ChangeKind[],
  dtmf: DtmfView | null = null,
) {
  if (kinds.length > 0) await tx.rows(logging(callId, kinds, { ...NOTHING, dtmf }));
}

/** What one statement does beside writing the log. */
interface Beside {
  readonly dtmf: DtmfView | null;
  /** Done first; it sees none of the rest. */
  readonly first: SQL;
  /** Set in the call's row. */
  readonly set: SQL;
  /** Nothing is changed or logged unless the row is so. */
  readonly when: SQL;
}

const NOTHING: Beside = { dtmf: null, first: sql``, set: sql``, when: sql`true` };

function logging(
  callId: string,
  kinds: readonly ChangeKind[],
  { dtmf, first, set, when }: Beside,
): SQL {
  const [column, value] = dtmf ? [sql`, dtmf`, sql`, ${sql.param(dtmf)}::jsonb`] : [sql``, sql``];
  const count = sql.raw(String(kinds.length));
  // Of one kind, the snapshot is of its very version.
  const state =
    kinds.length === 1
      ? sql`state`
      : sql`jsonb_set(state::jsonb, '{version}', to_jsonb(before + k.nth::int))::json`;
  const nth = kinds.map((kind, index) => sql.raw(`('${kind}', ${index + 1})`));
  return sql`
    with ${first} bumped as (
      update calls set ${set} version = version + ${count},
        changed_xid = case state when 'ENDED' then pg_current_xact_id() else changed_xid end
      where id = ${callId}::uuid and ${when} returning *
    ), c as (
      select *, version - ${count} as before from bumped
    ), snapshot as materialized (
      select c.before, c.organization_id, c.id, ${callJson(WHOLE_CALL)} as state, ${AUDIENCE} from c
    )
    insert into call_changes (organization_id, call_id, version, kind, occurred_at, state, extension_ids, owner_ids${column})
    select organization_id, id, before + k.nth::int, k.kind, now(),
      ${state}, extension_ids, owner_ids${value}
    from snapshot, (values ${sql.join(nth, sql`, `)}) as k(kind, nth) order by k.nth`;
}

/** User data of a call after a change. */
interface After {
  readonly userData: JsonObject;
  /** What goes from the log's snapshots, too. */
  readonly erasedKeys: readonly string[];
}

/** Writes a call's user data, and says so in the log unless it was the same before. */
export function logUserData(
  tx: Transaction,
  callId: string,
  { userData, erasedKeys }: After,
): void {
  const after = sql`${sql.param(userData)}::jsonb`;
  const statement = logging(callId, ['USER_DATA'], {
    ...NOTHING,
    first: erasedKeys.length === 0 ? sql`` : sql`erased as (${erasing(callId, erasedKeys)}),`,
    set: sql`user_data = nullif(${after}, '{}'),`,
    when: sql`coalesce(user_data, '{}') <> ${after}`,
  });
  tx.send(statement);
}

/** Takes keys of a call's user data out of what the log has kept of it. */
const erasing = (callId: string, keys: readonly string[]): SQL =>
  sql`update call_changes set state = jsonb_set(state::jsonb, '{userData}',
      coalesce(nullif((state -> 'userData')::jsonb - ${sql.param(keys)}::text[], '{}'), 'null'))::json
    where call_id = ${callId}::uuid and json_typeof(state -> 'userData') = 'object'`;

/** The last entry of each call: that it is gone. Its earlier entries go with it. */
export async function logDeletions(tx: Executor, callIds: readonly string[]) {
  const ids = sql`${sql.param(callIds)}::uuid[]`;
  await tx.rows(sql`delete from call_changes where call_id = any(${ids})`);
  await tx.rows(sql`
    insert into call_changes (organization_id, call_id, version, kind, occurred_at, state, extension_ids, owner_ids)
    select c.organization_id, c.id, c.version + 1, 'DELETED', now(), null, ${AUDIENCE}
    from calls c where c.id = any(${ids})`);
}

/** Takes what was pressed during a call out of the log, and tells those who have heard of it that it is gone. */
export async function eraseDtmf(tx: Executor, callId: string) {
  const pressed = await tx.rows(sql`
    delete from call_changes where call_id = ${callId}::uuid and kind = 'DTMF' and dtmf is not null returning true`);
  if (pressed.length > 0) await logChange(tx, callId, ['DTMF']);
}
