import { sql } from 'drizzle-orm';
import type { SwitchCall } from '../connectors/connector.ts';
import type { HeardPress } from '../connectors/heard-press.ts';
import type { DtmfView } from '../model/call.ts';
import type { Executor } from '../store/database.ts';
import { erasedAt, msSince } from './erased-at.ts';
import { logChange } from './log-change.ts';
import { isNamed, lockNamed, type Recorded, recordCall, type Source } from './record-call.ts';

/** What was pressed in a call. */
interface Pressed {
  /** As the switch had it then. */
  readonly call: SwitchCall;
  readonly presses: readonly HeardPress[];
  /** It may have been written before. */
  readonly isAgain: boolean;
}

interface Known {
  readonly id: string;
  readonly isOver: boolean;
  /** Sequences by the switch's ids of the legs. */
  readonly legs: Readonly<Record<string, string>>;
  /** When what had been pressed was erased last, by `performance.now()`. */
  readonly erasedAt: number;
}

/**
 * Writes what was pressed into the log, and nowhere else. A call that is not known yet is written first, and so is one
 * that the phone has joined since; nothing is pressed in one that is over, nor on a phone that is not in the call. What was
 * heard before an erasure and waits since then goes with what was erased, whichever process did that.
 */
export async function recordPresses(
  tx: Executor,
  source: Source,
  { call, presses, isAgain }: Pressed,
): Promise<Recorded> {
  await lockNamed(tx, source, call);
  let recorded: Recorded = 'UNCHANGED';
  let known = await find(tx, source, call);
  if (!known || isBehind(known, call, presses)) {
    // Its user data may have been erased since it was so.
    recorded = await recordCall(tx, { ...source, keepsUserData: false }, call);
    known = await find(tx, source, call);
  }
  if (!known) return recorded;
  if (known.isOver) return 'DROPPED';
  const { id } = known;
  for (const press of presses) {
    const dtmf = viewOf(known, press);
    if (!dtmf || (isAgain && (await isWritten(tx, id, dtmf)))) continue;
    await logChange(tx, id, ['DTMF'], dtmf);
    recorded = 'CHANGED';
  }
  return recorded;
}

async function find(tx: Executor, source: Source, call: SwitchCall): Promise<Known | undefined> {
  const [known] = await tx.rows<Omit<Known, 'erasedAt'> & { erasedMsAgo: number | null }>(sql`
    select id, state = 'ENDED' as "isOver", ${msSince(sql`dtmf_erased_at`)} as "erasedMsAgo", coalesce((
      select json_object_agg(native_id, sequence) from participants p
      where p.call_id = calls.id and native_id is not null), '{}') as legs
    from calls where ${isNamed(source, call)}`);
  return known && { ...known, erasedAt: erasedAt(known.erasedMsAgo) };
}

/** Null when it is not to be written. */
function viewOf(known: Known, { nativeId, digits, at, heardAt }: HeardPress): DtmfView | null {
  const sequence = known.legs[nativeId];
  return sequence === undefined || heardAt <= known.erasedAt
    ? null
    : { digits, sequence, pressedAt: at };
}

/** Somebody who has pressed joined the call while nothing could be written. */
function isBehind(
  { legs }: Known,
  { parties }: SwitchCall,
  presses: readonly HeardPress[],
): boolean {
  const hasJoined = (id: string) => parties.some(({ nativeId }) => nativeId === id);
  return presses.some(({ nativeId }) => legs[nativeId] === undefined && hasJoined(nativeId));
}

async function isWritten(tx: Executor, callId: string, dtmf: DtmfView): Promise<boolean> {
  const [row] = await tx.rows(sql`select from call_changes
    where call_id = ${callId}::uuid and kind = 'DTMF' and dtmf = ${sql.param(dtmf)}::jsonb`);
  return row !== undefined;
}
