import { FollowError } from './follow-error.ts';
import type { CallKey, CallMessage, FeedMessage, ResetReason } from './messages.ts';
import { createTold } from './told.ts';

/** What a message means to the application. */
export interface Step<Call extends CallKey> {
  /** Forget what you knew, before the message; null: go on. */
  readonly reset: ResetReason | null;
  /** Null when there is nothing to tell. */
  readonly message: CallMessage<Call> | null;
  /** Subscribe anew from the position, so that a client that repeats itself begins there. */
  readonly renew: boolean;
}

/** What was told so far. */
export interface Account<Call extends CallKey> {
  /** Where to resume; null: with a new snapshot. */
  position(): string | null;
  /** Gives up the position; false when there is none. */
  isRid(): boolean;
  /** Takes the next message; `isFirst` of its subscription. Throws a `FollowError` for a document without `$after`. */
  take(message: FeedMessage<Call>, isFirst: boolean): Step<Call>;
}

const NOTHING = { reset: null, message: null, renew: false } as const;

/**
 * Keeps the account of one follower. While a snapshot is incomplete there is no position: whatever breaks it begins
 * it anew.
 */
export function createAccount<Call extends CallKey>(
  startAt: string | null,
  most: number,
): Account<Call> {
  const told = createTold(most);
  let position = startAt;
  let hasBegun = startAt !== null;
  let wasIgnored = false;

  /** Why a snapshot begins with this message, or null. */
  function beginning(message: CallMessage, isFirst: boolean): ResetReason | null {
    if (position === null && isFirst) return hasBegun ? 'INTERRUPTED' : 'START';
    if (message.__typename !== 'CallSnapshot') return null;
    // The client has sent its first subscription once more, and did not say so.
    return position !== null || told.inSnapshot(message.call) ? 'INTERRUPTED' : null;
  }

  function begin() {
    told.clear();
    position = null;
    hasBegun = true;
  }

  /** A snapshot for one who asked for changes: once may be an old position, twice is the document's fault. */
  function checkAfter({ __typename }: FeedMessage) {
    const isIgnored = position !== null && __typename === 'CallSnapshot';
    if (isIgnored && wasIgnored) {
      const message = 'The document must take `$after: Position` and give it to `callChanges`.';
      throw new FollowError('BAD_DOCUMENT', message);
    }
    wasIgnored = isIgnored || (wasIgnored && position === null);
  }

  /** Where one who has just subscribed stood already, as after each snapshot: nothing new. */
  const isEcho = (message: CallMessage, isFirst: boolean) =>
    isFirst && message.__typename === 'FeedBookmark' && message.position === position;

  /** Moves on to after the message; whether it is time to subscribe anew from there. */
  function advance(message: CallMessage): boolean {
    const endsSnapshot = position === null && message.__typename === 'FeedBookmark';
    if (position !== null || endsSnapshot) position = message.position;
    const renew = endsSnapshot || (position !== null && told.isFull());
    if (renew) told.turn();
    return renew;
  }

  return {
    position: () => position,
    isRid() {
      const had = position !== null;
      position = null;
      return had;
    },
    take(message, isFirst) {
      if (isFirst) checkAfter(message);
      if (message.__typename === 'FeedGap') {
        begin();
        return { ...NOTHING, reset: message.reason ?? 'GAP' };
      }
      if (isEcho(message, isFirst)) return NOTHING;
      const reset = beginning(message, isFirst);
      if (reset) begin();
      if (!told.note(message)) return NOTHING;
      return { reset, message, renew: advance(message) };
    },
  };
}
