import { sql } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import type { SwitchCall } from '../connectors/connector.ts';
import type { CallState, ChangeKind } from '../model/call.ts';
import { type Executor, firstRow } from '../store/database.ts';
import { eraseCall } from './erase-call.ts';
import { logChange } from './log-change.ts';
import { recordParties } from './record-parties.ts';
import { homeOf } from './route-numbers.ts';
import { takeDeletionWatch } from './watch-deletion.ts';

interface Known {
  readonly id: string;
  readonly organizationId: string;
  readonly state: CallState;
  readonly recordingState: string;
  readonly hasSameUserData: boolean;
  readonly deletionRequestedAt: string | null;
}

/** DROPPED: it came after the end, or is older than what is known. UNROUTED: no organization has its numbers. */
export type Recorded = 'CHANGED' | 'UNCHANGED' | 'DROPPED' | 'UNROUTED';

interface Source {
  readonly connector: string;
  /** Whether the switch keeps user data; else only the row has it. */
  readonly keepsUserData: boolean;
}

/** Writes the whole state of a call as its switch has it, and logs what is new about it. */
export async function recordCall(
  tx: Executor,
  source: Source,
  call: SwitchCall,
): Promise<Recorded> {
  const known = await find(tx, source, call);
  if (known) return update(tx, { known, source, call });
  const home = await homeOf(tx, call);
  if (!home) return 'UNROUTED';
  const id = uuidv7();
  await insert(tx, { id, source, call, home });
  await recordParties(tx, { id, organizationId: home.organizationId }, call);
  await recordIdentifiers(tx, { id, organizationId: home.organizationId }, call);
  await takeDeletionWatch(tx, id);
  await logChange(tx, id, ['STATE']);
  if (call.state === 'ENDED') await finish(tx, id);
  return 'CHANGED';
}

const find = (tx: Executor, { connector }: Source, { epoch, nativeId, userData }: SwitchCall) =>
  firstRow<Known>(
    tx,
    sql`select id, organization_id as "organizationId", state, recording_state as "recordingState",
        coalesce(user_data, '{}') = ${sql.param(userData)}::jsonb as "hasSameUserData",
        deletion_requested_at as "deletionRequestedAt"
      from calls where connector = ${connector} and epoch = ${epoch} and native_id = ${nativeId} for update`,
  );

async function update(
  tx: Executor,
  { known, source, call }: { known: Known; source: Source; call: SwitchCall },
): Promise<Recorded> {
  if (known.state === 'ENDED' || goesBack(known.state, call.state)) return 'DROPPED';
  const kinds: ChangeKind[] = [];
  if (known.state !== call.state) kinds.push('STATE');
  if (known.recordingState !== call.recordingState) kinds.push('RECORDING');
  if (await recordParties(tx, known, call)) kinds.push('PARTICIPANTS');
  if (source.keepsUserData && !known.hasSameUserData) kinds.push('USER_DATA');
  if (kinds.length === 0) return 'UNCHANGED';
  await tx.rows(sql`
    update calls set state = ${call.state}, recording_state = ${call.recordingState},
      answered_at = ${call.answeredAt}::timestamptz, ended_at = ${call.endedAt}::timestamptz,
      disposition = ${call.end?.disposition ?? null}, ended_by = ${call.end?.by ?? null},
      q850_cause = ${call.end?.q850Cause ?? null}::smallint,
      user_data = ${userDataOf(source, call)}
    where id = ${known.id}::uuid`);
  await logChange(tx, known.id, kinds);
  if (call.state === 'ENDED' && known.deletionRequestedAt) await eraseCall(tx, known.id);
  return 'CHANGED';
}

/** An answered call does not ring again: such an event was overtaken on its way. */
const goesBack = (known: CallState, next: CallState) =>
  (known === 'CONNECTED' || known === 'HELD') && (next === 'DIALING' || next === 'RINGING');

const userDataOf = ({ keepsUserData }: Source, { userData }: SwitchCall) =>
  keepsUserData ? sql`nullif(${sql.param(userData)}::jsonb, '{}')` : sql`user_data`;

async function insert(
  tx: Executor,
  made: {
    id: string;
    source: Source;
    call: SwitchCall;
    home: { organizationId: string; direction: string };
  },
) {
  const { id, source, call, home } = made;
  await tx.rows(sql`
    insert into calls (id, organization_id, connector, epoch, native_id, state, direction, call_type, ani, dnis,
      offered_at, answered_at, ended_at, disposition, ended_by, q850_cause, recording_state, user_data, version)
    values (${id}::uuid, ${home.organizationId}::uuid, ${source.connector}, ${call.epoch}, ${call.nativeId},
      ${call.state}, ${home.direction}, ${home.direction}, ${call.ani}, ${call.dnis},
      ${call.offeredAt}::timestamptz, ${call.answeredAt}::timestamptz, ${call.endedAt}::timestamptz,
      ${call.end?.disposition ?? null}, ${call.end?.by ?? null}, ${call.end?.q850Cause ?? null}::smallint,
      ${call.recordingState}, nullif(${sql.param(call.userData)}::jsonb, '{}'), 0)`);
}

/** A name that another call has already stays with that call. */
async function recordIdentifiers(
  tx: Executor,
  { id, organizationId }: { id: string; organizationId: string },
  { identifiers }: SwitchCall,
) {
  if (identifiers.length === 0) return;
  await tx.rows(sql`
    insert into call_identifiers (organization_id, scheme, value, call_id)
    select ${organizationId}::uuid, scheme, value, ${id}::uuid
    from jsonb_to_recordset(${sql.param(identifiers)}::jsonb) as i(scheme text, value text)
    on conflict do nothing`);
}

/** A call that was first seen when it had ended may have been wanted away already. */
async function finish(tx: Executor, id: string) {
  const [row] = await tx.rows(
    sql`select from calls where id = ${id}::uuid and deletion_requested_at is not null`,
  );
  if (row) await eraseCall(tx, id);
}
