import { createHash } from 'node:crypto';
import { type SQL, sql } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import type { SwitchCall } from '../connectors/connector.ts';
import { type CallState, isEnded } from '../model/call.ts';
import type { NumberRules } from '../model/number-rules.ts';
import { type Executor, firstRow } from '../store/database.ts';
import { wasDeleted } from './deleted-calls.ts';
import { eraseMarkedCall, type MarkedCall } from './erase-call.ts';
import { fireEvents } from './fire-events.ts';
import { lockCall, logChange } from './log-change.ts';
import { type KnownLeg, knownLegs, newNumbers, recordParties } from './record-parties.ts';
import { extensionsOf, type Homeless, homeOf } from './route-numbers.ts';
import { auditWishes, takeWishes } from './watch-next.ts';

interface KnownCall {
  readonly id: string;
  readonly organizationId: string;
  readonly state: CallState;
  readonly recordingState: string;
  readonly hasSameUserData: boolean;
  /** It was given up for lost, and its switch has not said how it ended. */
  readonly isLost: boolean;
  /** It is to be deleted when it ends, and nothing holds it back. */
  readonly isMarked: boolean;
}

interface Known extends KnownCall {
  readonly legs: readonly KnownLeg[];
}

/**
 * DROPPED: it came after the end or the deletion, or is older than what is known. UNROUTED: no organization has its
 * numbers. AMBIGUOUS: several may have them.
 */
export type Recorded = 'CHANGED' | 'UNCHANGED' | 'DROPPED' | Homeless;

/** What a switch's word about a call may change, in the order in which it is told. */
const STATE_KINDS = ['STATE', 'USER_DATA', 'PARTICIPANTS', 'RECORDING'] as const;
type StateKind = (typeof STATE_KINDS)[number];

/** The switch that says so. */
export interface Source {
  readonly connector: string;
  /** How it calls numbers. */
  readonly numbers: NumberRules;
  /** Whether the switch keeps user data; else only the row has it. */
  readonly keepsUserData: boolean;
}

/** Writes the whole state of a call as its switch has it, and logs what is new about it. */
export async function recordCall(
  tx: Executor,
  source: Source,
  call: SwitchCall,
): Promise<Recorded> {
  const id = idOf(source, call);
  // Sent together and done in this order, like those below: each is one statement, so that nothing is left to send
  // when one of them fails.
  const [, known, legs] = await Promise.all([
    lockNamed(tx, source, call),
    find(tx, source, call),
    knownLegs(tx, sql`select id from calls where ${isNamed(source, call)}`),
  ]);
  if (known) return update(tx, { known: { ...known, legs }, source, call });
  if (await wasDeleted(tx, id, { ...source, ...call })) return 'DROPPED';
  const home = await homeOf(tx, source.numbers, call);
  if (typeof home === 'string') return home;
  const { organizationId, matches } = home;
  await Promise.all([
    insert(tx, { id, source, call, home }),
    recordParties(tx, { id, organizationId, legs, matches }, call),
    recordIdentifiers(tx, { id, organizationId }, call),
  ]);
  const wishes = await takeWishes(tx, id);
  await Promise.all([logChange(tx, id, ['STATE']), fireEvents(tx, id)]);
  await auditWishes(tx, { id, organizationId }, wishes);
  if (isEnded(call)) await finish(tx, { id, organizationId });
  return 'CHANGED';
}

/** Begins a transaction about a call that its switch names, whether it is known or not. */
export const lockNamed = (tx: Executor, source: Source, call: SwitchCall): Promise<void> =>
  lockCall(
    tx,
    sql`coalesce((select id from calls where ${isNamed(source, call)}), ${idOf(source, call)}::uuid)`,
  );

/** Made of what names the call on its switch, so that one that was erased is known again and stays away. */
function idOf({ connector }: Source, { epoch, nativeId, offeredAt }: SwitchCall): string {
  const name = JSON.stringify([connector, epoch, nativeId]);
  const random = createHash('sha256').update(name).digest();
  return uuidv7({ random, msecs: Date.parse(offeredAt) });
}

export const isNamed = ({ connector }: Source, { epoch, nativeId }: SwitchCall) =>
  sql`connector = ${connector} and epoch = ${epoch} and native_id = ${nativeId}`;

const find = (tx: Executor, source: Source, call: SwitchCall) =>
  firstRow<KnownCall>(
    tx,
    sql`select id, organization_id as "organizationId", state, recording_state as "recordingState",
        coalesce(user_data, '{}') = ${sql.param(call.userData)}::jsonb as "hasSameUserData",
        disposition is not distinct from 'LOST' as "isLost",
        deletion_requested_at is not null and not held_for_legal as "isMarked"
      from calls where ${isNamed(source, call)} for update`,
  );

async function update(
  tx: Executor,
  { known, source, call }: { known: Known; source: Source; call: SwitchCall },
): Promise<Recorded> {
  const isTrueEnd = known.isLost && isEnded(call) && call.end?.disposition !== 'LOST';
  if (!isTrueEnd && isStale(known.state, call.state)) return 'DROPPED';
  const numbers = newNumbers(known.legs, call);
  const matches = await extensionsOf(tx, source.numbers, call, numbers);
  // Since a call was given up for lost, its user data may have been erased here alone.
  const takesUserData = source.keepsUserData && !isTrueEnd;
  const changes: Record<StateKind, boolean> = {
    STATE: known.state !== call.state || isTrueEnd,
    RECORDING: known.recordingState !== call.recordingState,
    PARTICIPANTS: await recordParties(tx, { ...known, matches }, call),
    USER_DATA: takesUserData && !known.hasSameUserData,
  };
  const kinds = STATE_KINDS.filter((kind) => changes[kind]);
  if (kinds.length === 0) return 'UNCHANGED';
  const wishes = numbers.length > 0 ? await takeWishes(tx, known.id) : [];
  await Promise.all([
    updateRow(tx, { id: known.id, call, takesUserData }),
    recordIdentifiers(tx, known, call),
    logChange(tx, known.id, kinds),
    (changes.STATE || changes.PARTICIPANTS) && fireEvents(tx, known.id),
  ]);
  await auditWishes(tx, known, wishes);
  if (isEnded(call)) await finishMarked(tx, known, wishes.length > 0);
  return 'CHANGED';
}

const updateRow = (
  tx: Executor,
  { id, call, takesUserData }: { id: string; call: SwitchCall; takesUserData: boolean },
) =>
  tx.rows(sql`
    update calls set state = ${call.state}, recording_state = ${call.recordingState},
      recording_since = ${recordingSince(call, sql`coalesce(recording_since, now())`)},
      answered_at = ${call.answeredAt}::timestamptz, ended_at = ${call.endedAt}::timestamptz,
      end_recorded_at = ${endRecordedAt(call)}, disposition = ${call.end?.disposition ?? null}, ended_by = ${call.end?.by ?? null},
      q850_cause = ${call.end?.q850Cause ?? null}::smallint,
      user_data = ${takesUserData ? sql`nullif(${sql.param(call.userData)}::jsonb, '{}')` : sql`user_data`}
    where id = ${id}::uuid`);

/** Without a mark or a wish there is nothing to look for. */
async function finishMarked(tx: Executor, known: KnownCall, isWished: boolean) {
  if (known.isMarked || isWished) await finish(tx, known);
}

/** Between CONNECTED and HELD a call goes to and fro; everywhere else only on. */
const RANKS: Record<CallState, number> = {
  DIALING: 0,
  RINGING: 1,
  CONNECTED: 2,
  HELD: 2,
  ENDED: 3,
};

/** An answered call does not ring again, and an ended one does nothing: such an event was overtaken on its way. */
const isStale = (known: CallState, next: CallState) =>
  known === 'ENDED' || RANKS[next] < RANKS[known];

/** By the clock of Postgres: a switch's may be wrong, and how long a call is kept must not hang on it. */
const endRecordedAt = (call: SwitchCall) => (isEnded(call) ? sql`now()` : sql`null::timestamptz`);

/** When it began, as far as we were told: no switch says so itself. */
const recordingSince = ({ recordingState }: SwitchCall, since: SQL) =>
  recordingState === 'STOPPED' ? sql`null::timestamptz` : since;

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
      offered_at, answered_at, ended_at, end_recorded_at, disposition, ended_by, q850_cause, recording_state,
      recording_since, user_data, version, parent_id)
    values (${id}::uuid, ${home.organizationId}::uuid, ${source.connector}, ${call.epoch}, ${call.nativeId},
      ${call.state}, ${home.direction}, ${call.consultOf === null ? home.direction : 'CONSULT'}, ${call.ani}, ${call.dnis},
      ${call.offeredAt}::timestamptz, ${call.answeredAt}::timestamptz, ${call.endedAt}::timestamptz,
      ${endRecordedAt(call)}, ${call.end?.disposition ?? null}, ${call.end?.by ?? null}, ${call.end?.q850Cause ?? null}::smallint,
      ${call.recordingState}, ${recordingSince(call, sql`now()`)}, nullif(${sql.param(call.userData)}::jsonb, '{}'), 0,
      (select id from calls where connector = ${source.connector} and epoch = ${call.epoch}
        and native_id = ${call.consultOf} and organization_id = ${home.organizationId}::uuid))`);
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

/** Takes a call that has ended away if it was wanted away, perhaps before it was seen, and nothing holds it. */
async function finish(tx: Executor, call: MarkedCall) {
  const [row] = await tx.rows(
    sql`select from calls where id = ${call.id}::uuid
      and deletion_requested_at is not null and not held_for_legal`,
  );
  if (row) await eraseMarkedCall(tx, call);
}
