import { type SQL, sql } from 'drizzle-orm';
import type { ChangeKind, DtmfView } from '../model/call.ts';
import { WHOLE_CALL } from '../model/shape.ts';
import type { Executor } from '../store/database.ts';
import { callJson } from '../store/queries/json.ts';

const AUDIENCE = sql`
  (select coalesce(array_agg(distinct e.id), '{}') from participants p join extensions e on e.id = p.extension_id
    where p.call_id = c.id) as extension_ids,
  (select coalesce(array_agg(distinct e.owner_id) filter (where e.owner_id is not null), '{}')
    from participants p join extensions e on e.id = p.extension_id where p.call_id = c.id) as owner_ids`;

/**
 * Begins a transaction that changes this call, and no other. The log is read in the order of transaction ids, and
 * Postgres may give one out before it waits for a row: only a lock that needs none keeps a call's changes in order.
 */
export async function lockCall(tx: Executor, callId: string | SQL): Promise<void> {
  await tx.rows(sql`select pg_advisory_xact_lock(hashtextextended((${callId})::uuid::text, 0))`);
}

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
  if (kinds.length === 0) return;
  const [column, value] = dtmf ? [sql`, dtmf`, sql`, ${sql.param(dtmf)}::jsonb`] : [sql``, sql``];
  const nth = kinds.map((kind, index) => sql.raw(`('${kind}', ${index + 1})`));
  await tx.rows(sql`
    with bumped as (
      update calls set version = version + ${sql.raw(String(kinds.length))},
        changed_xid = case state when 'ENDED' then pg_current_xact_id() else changed_xid end
      where id = ${callId}::uuid returning id
    ), c as (
      select calls.*, calls.version as before from calls join bumped using (id)
    ), snapshot as (
      select c.before, c.organization_id, c.id, ${callJson(WHOLE_CALL)}::jsonb as state, ${AUDIENCE} from c
    )
    insert into call_changes (organization_id, call_id, version, kind, occurred_at, state, extension_ids, owner_ids${column})
    select organization_id, id, before + k.nth::int, k.kind, now(),
      jsonb_set(state, '{version}', to_jsonb(before + k.nth::int)), extension_ids, owner_ids${value}
    from snapshot, (values ${sql.join(nth, sql`, `)}) as k(kind, nth) order by k.nth`);
}

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

/** Takes a call's user data out of what the log has kept of it. */
export async function eraseUserData(tx: Executor, callId: string) {
  await tx.rows(sql`update call_changes set state = jsonb_set(state, '{userData}', 'null')
    where call_id = ${callId}::uuid and state is not null`);
}

/** Takes some keys of a call's user data out of what the log has kept of it. */
export async function eraseUserDataKeys(tx: Executor, callId: string, keys: readonly string[]) {
  await tx.rows(sql`
    update call_changes set state = jsonb_set(state, '{userData}',
      coalesce(nullif((state -> 'userData') - ${sql.param(keys)}::text[], '{}'), 'null'))
    where call_id = ${callId}::uuid and jsonb_typeof(state -> 'userData') = 'object'`);
}
