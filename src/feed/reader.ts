import type { FeedMessage, FeedRequest, Receiver } from './feed.ts';

/** Messages that wait for a slow reader; it is fed from the log beyond them. */
const WAITING = 100;

/** Turns being told into reading: an iterator of what a follower is told. */
export function readFeed(
  follow: (request: FeedRequest, receiver: Receiver) => Promise<void>,
  request: FeedRequest,
): AsyncIterableIterator<FeedMessage> {
  const leaving = new AbortController();
  const signal = AbortSignal.any([request.signal, leaving.signal]);
  let told: Promise<void> | undefined;
  let wanted = Promise.withResolvers<void>();
  const messages = new ReadableStream<FeedMessage>(
    {
      start: (queue) => {
        const isFull = () => (queue.desiredSize ?? 0) <= 0;
        const receiver: Receiver = {
          push: (message) => {
            if (isFull()) return false;
            queue.enqueue(message);
            return true;
          },
          accept: async (message) => {
            while (isFull() && !signal.aborted) await wanted.promise;
            if (!signal.aborted) queue.enqueue(message);
          },
        };
        told = follow({ ...request, signal }, receiver).then(
          () => queue.close(),
          (error) => queue.error(error),
        );
      },
      pull: () => {
        wanted.resolve();
        wanted = Promise.withResolvers();
      },
    },
    { highWaterMark: WAITING },
  ).values();
  signal.addEventListener('abort', () => wanted.resolve());
  const reader: AsyncIterableIterator<FeedMessage> = {
    // What waits is not for a reader whose credentials have ended.
    next: async () => (signal.aborted ? { done: true, value: undefined } : messages.next()),
    // The reading may be waiting for a change: it must be told before it can return.
    return: async () => {
      leaving.abort();
      await told;
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => reader,
  };
  return reader;
}
