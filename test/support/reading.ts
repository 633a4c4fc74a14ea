import type { Feed, FeedMessage, FeedRequest } from '../../src/feed/feed.ts';
import { EVERYTHING } from '../../src/model/visibility.ts';

/** A reader of the feed that writes down what it gets. */
export interface Reading {
  readonly messages: readonly FeedMessage[];
  /** Resolves as soon as what was got so far is enough; rejects when the reading ends before. */
  until(enough: (messages: readonly FeedMessage[]) => boolean): Promise<readonly FeedMessage[]>;
  /** Ends the reading, and resolves when it has ended. */
  stop(): Promise<void>;
}

/** Starts reading; sees everything unless told otherwise. */
export function startReading(feed: Feed, request: Partial<FeedRequest> = {}): Reading {
  const leaving = new AbortController();
  const messages: FeedMessage[] = [];
  let arrived = Promise.withResolvers<void>();
  const reading = (async () => {
    const signal = leaving.signal;
    for await (const message of feed.read({ visibility: EVERYTHING, ...request, signal })) {
      messages.push(message);
      arrived.resolve();
      arrived = Promise.withResolvers();
    }
  })();
  return {
    messages,
    async until(enough) {
      const over = reading.then(() => {
        throw new Error(`The reading ended after ${messages.length} messages.`);
      });
      // Nobody may be waiting any more when the reading ends.
      over.catch(() => {});
      while (!enough(messages)) await Promise.race([arrived.promise, over]);
      return messages;
    },
    stop: async () => {
      leaving.abort();
      await reading;
    },
  };
}

/** Whether the snapshot, or what came in its place, is complete. */
export const isCaughtUp = (messages: readonly FeedMessage[]) =>
  messages.some(({ type }) => type === 'BOOKMARK');

/** Waits until as many messages of this type have come. */
export const atLeast =
  (count: number, type: FeedMessage['type']) => (messages: readonly FeedMessage[]) =>
    messages.filter((message) => message.type === type).length >= count;

/** `callId version` of each change, in the order in which they came. */
export const changesIn = (messages: readonly FeedMessage[]) =>
  messages.flatMap((message) =>
    message.type === 'CHANGE' ? [`${message.change.callId} ${message.change.version}`] : [],
  );
