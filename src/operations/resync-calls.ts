import { sql } from 'drizzle-orm';
import type { LiveCalls, SwitchCall } from '../connectors/connector.ts';
import type { ChangeKind } from '../model/call.ts';
import { sideBySide } from '../model/side-by-side.ts';
import type { Database, Executor } from '../store/database.ts';
import { forgetDeleted } from './deleted-calls.ts';
import { eraseMarkedCall } from './erase-call.ts';
import { fireEvents } from './fire-events.ts';
import { lockedCall, logChange } from './log-change.ts';
import { unchangedCalls } from './unchanged-calls.ts';

/** Calls that are written at once: a share of the store's connections. */
const WIDTH = 4;

interface Resync {
  readonly database: Database;
  readonly connector: string;
  /** Whether the switch keeps user data; else only the row has it. */
  readonly keepsUserData: boolean;
  /** Writes one listed call, in a transaction of its own. */
  record(call: SwitchCall): Promise<unknown>;
  /** Refuses a transaction of a process that does not have the switch any more; comes last in it. */
  fence(tx: Executor): Promise<void>;
}

/** What a switch has listed. */
interface Listing extends LiveCalls {
  /** Native ids of calls that it told of while it made the list, which is newer, and of those known to be as listed. */
  readonly meanwhile?: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();

/**
 * Makes the database what the switch is: what we hold open and it does not list has ended, unseen. Each call
 * has a transaction of its own: one for all would hold the feed up until its end, and would put a change
 * before one that was committed to the same call meanwhile.
 * @param calls those of the list that may have to be written; default: all.
 */
export async function resyncCalls(
  resync: Resync,
  live: Listing,
  calls: readonly SwitchCall[] = live.calls,
): Promise<void> {
  const { database, connector, record } = resync;
  const { meanwhile = NONE } = live;
  const listed = [...meanwhile, ...live.calls.map(({ nativeId }) => nativeId)];
  const lost = await database.rows<{ id: string }>(sql`
    select id from calls where connector = ${connector} and state <> 'ENDED'
      and not (epoch = ${live.epoch} and native_id = any(${sql.param(listed)}::text[]))`);
  await sideBySide(lost, WIDTH, ({ id }) => giveUp(resync, id));
  await forgetDeleted(database, connector, live.epoch);
  const doubtful = calls.filter(({ nativeId }) => !meanwhile.has(nativeId));
  const unchanged = await unchangedCalls(database, resync, { ...live, calls: doubtful });
  const changed = doubtful.filter(({ nativeId }) => !unchanged.has(nativeId));
  await sideBySide(changed, WIDTH, record);
}

interface Lost {
  readonly organizationId: string;
  readonly isEnded: boolean;
  readonly isRecorded: boolean;
  /** It is to be deleted when it ends, and nothing holds it back. */
  readonly isMarked: boolean;
}

const LOST_COLUMNS = sql`c.organization_id as "organizationId", c.state = 'ENDED' as "isEnded",
  c.recording_state <> 'STOPPED' as "isRecorded",
  c.deletion_requested_at is not null and not c.held_for_legal as "isMarked"`;

const giveUp = ({ database, fence }: Resync, id: string) =>
  database.transaction(async (tx) => {
    const call = await lockedCall<Lost>(tx, id, LOST_COLUMNS);
    if (!call || call.isEnded) return;
    await tx.rows(sql`
      update calls set state = 'ENDED', ended_at = now(), end_recorded_at = now(), disposition = 'LOST', ended_by = 'UNKNOWN',
        recording_state = 'STOPPED', recording_since = null
      where id = ${id}::uuid`);
    const left = await tx.rows(sql`
      update participants set state = 'ENDED', left_at = coalesce(left_at, now()), disposition = 'LOST'
      where call_id = ${id}::uuid and state <> 'ENDED' returning true`);
    await logChange(tx, id, kindsOf(left.length > 0, call.isRecorded));
    await fireEvents(tx, id);
    if (call.isMarked) await eraseMarkedCall(tx, { id, ...call });
    await fence(tx);
  });

const kindsOf = (haveLeft: boolean, isRecorded: boolean): ChangeKind[] => [
  'STATE',
  ...(haveLeft ? (['PARTICIPANTS'] as const) : []),
  ...(isRecorded ? (['RECORDING'] as const) : []),
];
