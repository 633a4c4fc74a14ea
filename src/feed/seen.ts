import type { Change, FeedMessage, Receiver } from './feed.ts';

/**
 * What a snapshot had. Changes that were committed before it, but not below the horizon then, come once more from
 * the log.
 */
export interface Seen {
  /** Of each call. */
  readonly versions: ReadonlyMap<string, number>;
  /** Changes of transactions from here on cannot have been in it. */
  readonly xmax: bigint;
}

/** Whether a snapshot had what this change led to, or something later. */
export const wasSeen = ({ versions }: Seen, { callId, version }: Change): boolean =>
  (versions.get(callId) ?? 0) >= version;

/** A receiver that is not told again what it has seen, which is forgotten as soon as none of that can come. */
export function withoutSeen(
  progress: { seen: Seen | null },
  toldBelow: () => bigint,
  receiver: Receiver,
): Receiver {
  const isNew = (message: FeedMessage) => {
    if (progress.seen && toldBelow() >= progress.seen.xmax) progress.seen = null;
    const { seen } = progress;
    return !(seen && message.type === 'CHANGE' && wasSeen(seen, message.change));
  };
  return {
    push: (message) => !isNew(message) || receiver.push(message),
    accept: (message) => receiver.accept(message),
  };
}
