import { expect, test } from 'vitest';
import type { FeedMessage, Receiver } from '../../src/feed/feed.ts';
import { readFeed } from '../../src/feed/reader.ts';
import { EVERYTHING } from '../../src/model/visibility.ts';

const bookmark = (number: number): FeedMessage => ({ type: 'BOOKMARK', position: `p${number}` });

/** A reading that is told until its signal, and how to tell it. */
function reading() {
  const end = new AbortController();
  const told = Promise.withResolvers<Receiver>();
  const messages = readFeed(
    ({ signal }, receiver) => {
      told.resolve(receiver);
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
    },
    { visibility: EVERYTHING, signal: end.signal },
  );
  return { messages, end, receiver: told.promise };
}

test('what waits for a reader when its reading is ended is not given to it', async () => {
  const { messages, end, receiver } = reading();
  for (const number of [1, 2, 3]) (await receiver).push(bookmark(number));
  const before = await messages.next();

  end.abort();
  const after = [await messages.next(), await messages.next()];

  expect(before.value).toEqual(bookmark(1));
  expect(after.map(({ done }) => done)).toEqual([true, true]);
});

test('a reader that waits when its reading is ended waits no longer', async () => {
  const { messages, end } = reading();
  const waiting = messages.next();

  end.abort();

  expect((await waiting).done).toBe(true);
});
