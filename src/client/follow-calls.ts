import type { FollowError } from './follow-error.ts';
import { type Follower, startFollower } from './follower.ts';
import { createKeptPosition } from './kept-position.ts';
import type { CallKey } from './messages.ts';
import type { FollowOptions } from './options.ts';

/** Someone who follows until told to stop. */
export interface Following {
  /** Leaves at once; nothing is called any more. */
  close(): void;
}

/**
 * Follows calls over any break: each message once and in order, and `onReset` before each snapshot. The document must
 * take `$after: Position` and select `__typename`, `... on FeedEntry { position }`, `call { id version }` and
 * `callId`; `Call` is what it selects of a call.
 */
export function followCalls<Call extends CallKey = CallKey>(
  options: FollowOptions<Call>,
): Following {
  const { load, keep } = createKeptPosition(options.position);
  let follower: Follower | undefined;
  let isClosed = false;
  const start = (at: string | null) =>
    startFollower<Call>(options, at, {
      onReset(reason) {
        keep(null);
        options.onReset(reason);
      },
      onMessage(message, position) {
        options.onMessage(message);
        keep(position);
      },
      onError: (error) => options.onError?.(error),
    });
  load().then(
    (at) => {
      if (!isClosed) follower = start(at);
      // A subscription may bring so much at once that it is closed before it has a name.
      if (isClosed) follower?.close();
    },
    (error: FollowError) => {
      if (!isClosed) options.onError?.(error);
    },
  );
  return {
    close() {
      isClosed = true;
      follower?.close();
    },
  };
}
