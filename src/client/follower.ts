import { createAccount } from './account.ts';
import type { FollowError } from './follow-error.ts';
import { createLink } from './link.ts';
import type { CallKey, CallMessage, ResetReason } from './messages.ts';
import type { LinkOptions } from './options.ts';
import { readResult } from './read-result.ts';

const MOST_REMEMBERED = 5000;

/** Where what is told goes; what it throws ends following. */
export interface Listener<Call extends CallKey> {
  onReset(reason: ResetReason): void;
  /** `position`: where to resume after it; null while a snapshot is incomplete. */
  onMessage(message: CallMessage<Call>, position: string | null): void;
  onError(error: FollowError): void;
}

/** One who follows, over as many subscriptions as it takes. */
export interface Follower {
  /** Leaves until `resume`; false, and it goes on, in the midst of a snapshot, which would begin anew. */
  pause(): boolean;
  resume(): void;
  close(): void;
}

/** Follows from a position, or from a snapshot when it is null. */
export function startFollower<Call extends CallKey>(
  options: LinkOptions,
  startAt: string | null,
  listener: Listener<Call>,
): Follower {
  const account = createAccount<Call>(startAt, options.most ?? MOST_REMEMBERED);
  const link = createLink(options, {
    after: account.position,
    read: (result, isFirst) => account.take(readResult<Call>(result), isFirst),
    tell({ reset, message, renew }) {
      if (reset) listener.onReset(reset);
      if (message) listener.onMessage(message, account.position());
      return renew;
    },
    isRid: account.isRid,
    end: (error) => listener.onError(error),
  });
  link.begin();
  return {
    pause() {
      if (account.position() === null) return false;
      link.stop();
      return true;
    },
    resume: () => link.begin(),
    close: () => link.stop(),
  };
}
