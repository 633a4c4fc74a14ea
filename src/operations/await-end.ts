import { type CallView, isEnded } from '../model/call.ts';
import { EVERYTHING } from '../model/visibility.ts';
import type { Context } from './context.ts';

/** One call that was told to end, or one leg of it. */
export interface Awaited {
  readonly callId: string;
  /** Null awaits the end of the whole call. */
  readonly sequence: string | null;
}

/** What tells one that is awaited from others: of one call, several legs may be. */
export const keyOf = ({ callId, sequence }: Awaited) => `${callId} ${sequence ?? ''}`;

/** Whether what was awaited has come: the call is over, or that leg is. */
export function hasEnded(call: CallView, sequence: string | null): boolean {
  if (isEnded(call)) return true;
  const leg = call.participants?.find((participant) => participant.sequence === sequence);
  return leg?.state === 'ENDED';
}

const isOver =
  (call: CallView | null) =>
  ({ sequence }: Awaited) =>
    call === null || hasEnded(call, sequence);

/** Waits until the given ones have ended or the time is up, and gives the keys of those that have. */
export type EndWatch = (awaited: readonly Awaited[]) => Promise<ReadonlySet<string>>;

/** Watches the feed for ends. Open it before the calls are read: what is committed from then on is not missed. */
export async function watchEnds({ feed, confirmMs }: Context): Promise<EndWatch> {
  const after = await feed.head();
  return async (awaited) => {
    const ended = new Set<string>();
    if (awaited.length === 0) return ended;
    const messages = feed.read({
      visibility: EVERYTHING,
      filter: { callIds: awaited.map(({ callId }) => callId) },
      after,
      signal: AbortSignal.timeout(confirmMs),
    });
    for await (const message of messages) {
      if (message.type !== 'CHANGE') continue;
      const { callId, call } = message.change;
      const ofCall = awaited.filter((one) => one.callId === callId);
      for (const one of ofCall.filter(isOver(call))) ended.add(keyOf(one));
      if (awaited.every((one) => ended.has(keyOf(one)))) break;
    }
    return ended;
  };
}
