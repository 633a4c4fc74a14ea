import fc from 'fast-check';
import { expect, test } from 'vitest';
import { concerns } from '../../src/feed/concerns.ts';
import type { Change, FeedRequest } from '../../src/feed/feed.ts';
import { createTopics } from '../../src/feed/topics.ts';
import { change, request } from './arbitrary.ts';

function told(topics: ReturnType<typeof createTopics<number>>, of: Change) {
  const reached: number[] = [];
  topics.forConcerned(of, (members) => reached.push(...members));
  return reached.sort((a, b) => a - b);
}

test('a change reaches everybody whom it concerns, once, and nobody else', () => {
  fc.assert(
    fc.property(fc.array(request), change, (requests, of) => {
      const topics = createTopics<number>();
      requests.forEach((one, member) => {
        topics.add(one, member);
      });

      const reached = told(topics, of);

      const expected = [...requests.keys()].filter((at) =>
        concerns(of, requests[at] as FeedRequest),
      );
      expect(reached).toEqual(expected);
    }),
  );
});

test('who has left is reached no more, and others with the same wish are', () => {
  fc.assert(
    fc.property(request, change, (wish, of) => {
      const topics = createTopics<number>();
      topics.add(wish, 1);
      topics.add({ ...wish }, 2);

      topics.remove(wish, 1);

      expect(told(topics, of)).toEqual(concerns(of, wish) ? [2] : []);
    }),
  );
});
