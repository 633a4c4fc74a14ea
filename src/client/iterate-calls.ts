import { type Follower, startFollower } from './follower.ts';
import { createKeptPosition } from './kept-position.ts';
import type { CallKey, CallMessage, ResetReason } from './messages.ts';
import type { LinkOptions } from './options.ts';
import { createQueue } from './queue.ts';

/** Messages that may wait for the application before the link is left until it has dealt with them. */
const MOST_WAITING = 1000;

/** Forget every call: the live ones follow. */
export interface FeedReset {
  readonly __typename: 'FeedReset';
  readonly reason: ResetReason;
}

interface Item<Call extends CallKey> {
  readonly message: CallMessage<Call> | FeedReset;
  /** Kept when the next message is asked for: this one has been dealt with then. */
  readonly position: string | null;
}

/**
 * The same as an iterator: `for await (const message of iterateCalls({ subscribe }))`. Begins when the first message is
 * asked for, takes a message as dealt with when the next one is asked for, and leaves when the loop is left. Throws the
 * `FollowError` that ended it. One who is slow is told from the server's log later on, instead of filling memory.
 */
export function iterateCalls<Call extends CallKey = CallKey>(
  options: LinkOptions,
): AsyncIterableIterator<CallMessage<Call> | FeedReset, undefined> {
  const { load, keep } = createKeptPosition(options.position);
  const queue = createQueue<Item<Call>>();
  let following: Promise<Follower> | undefined;
  let isPaused = false;
  let last: Item<Call> | undefined;

  const start = async () => {
    let follower: Follower | undefined;
    const put = (item: Item<Call>) => {
      if (queue.put(item) >= MOST_WAITING) isPaused = follower?.pause() ?? false;
    };
    const at = await load();
    follower = startFollower<Call>(options, at, {
      onReset: (reason) => put({ message: { __typename: 'FeedReset', reason }, position: null }),
      onMessage: (message, position) => put({ message, position }),
      onError: queue.end,
    });
    return follower;
  };

  async function next(): Promise<IteratorResult<Item<Call>['message'], undefined>> {
    if (last) keep(last.position);
    last = undefined;
    following ??= start();
    const follower = await following;
    if (isPaused && queue.isEmpty()) {
      isPaused = false;
      follower.resume();
    }
    const item = await queue.take();
    if (!item) return { done: true, value: undefined };
    // Whoever forgets must not go on from there.
    if (item.message.__typename === 'FeedReset') keep(null);
    last = item;
    return { done: false, value: item.message };
  }

  async function leave(): Promise<{ done: true; value: undefined }> {
    queue.end();
    // What could not begin need not be left.
    (await following?.catch(() => undefined))?.close();
    return { done: true, value: undefined };
  }

  const iterator: AsyncIterableIterator<Item<Call>['message'], undefined> = {
    next: () =>
      next().catch(async (error: unknown) => {
        await leave();
        throw error;
      }),
    return: leave,
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator;
}
