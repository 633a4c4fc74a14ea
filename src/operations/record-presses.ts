import { sql } from 'drizzle-orm';
import type { KeyPress, SwitchCall } from '../connectors/connector.ts';
import type { DtmfView } from '../model/call.ts';
import type { Executor } from '../store/database.ts';
import { logChange } from './log-change.ts';
import { isNamed, lockNamed, type Recorded, recordCall, type Source } from './record-call.ts';

/** What was pressed in a call. */
interface Pressed {
  /** As the switch had it then. */
  readonly call: SwitchCall;
  readonly presses: readonly KeyPress[];
  /** It may have been written before. */
  readonly isAgain: boolean;
}

interface Known {
  readonly id: string;
  readonly isOver: boolean;
  /** Sequences by the switch's ids of the legs. */
  readonly legs: Readonly<Record<string, string>>;
}

/**
 * Writes what was pressed into the log, and nowhere else. A call that is not known yet is written first, and so is one
 * that the phone has joined since; nothing is pressed in one that is over, nor on a phone that is not in the call.
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
  const { id, legs } = known;
  for (const { nativeId, digits, at } of presses) {
    const sequence = legs[nativeId];
    const dtmf = sequence === undefined ? null : { digits, sequence, pressedAt: at };
    if (!dtmf || (isAgain && (await isWritten(tx, id, dtmf)))) continue;
    await logChange(tx, id, ['DTMF'], dtmf);
    recorded = 'CHANGED';
  }
  return recorded;
}

async function find(tx: Executor, source: Source, call: SwitchCall): Promise<Known | undefined> {
  const [known] = await tx.rows<Known>(sql`
    select id, state = 'ENDED' as "isOver", coalesce((
      select json_object_agg(native_id, sequence) from participants p
      where p.call_id = calls.id and native_id is not null), '{}') as legs
    from calls where ${isNamed(source, call)}`);
  return known;
}

/** Somebody who has pressed joined the call while nothing could be written. */
function isBehind({ legs }: Known, { parties }: SwitchCall, presses: readonly KeyPress[]): boolean {
  const hasJoined = (id: string) => parties.some(({ nativeId }) => nativeId === id);
  return presses.some(({ nativeId }) => legs[nativeId] === undefined && hasJoined(nativeId));
}

async function isWritten(tx: Executor, callId: string, dtmf: DtmfView): Promise<boolean> {
  const [row] = await tx.rows(sql`select from call_changes
    where call_id = ${callId}::uuid and kind = 'DTMF' and dtmf = ${sql.param(dtmf)}::jsonb`);
  return row !== undefined;
}
