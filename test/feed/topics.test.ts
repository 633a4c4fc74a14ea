import fc from 'fast-check';
import { expect, test } from 'vitest';
import { concerns } from '../../src/feed/concerns.ts';
import type { Change, FeedRequest } from '../../src/feed/feed.ts';
import { createTopics } from '../../src/feed/topics.ts';

const signal = new AbortController().signal;
const id = fc.constantFrom('a', 'b', 'c');
const someIds = fc.uniqueArray(id, { maxLength: 3 });
const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
const kind = fc.constantFrom('STATE', 'USER_DATA', 'PARTICIPANTS', 'DELETED' as const);

const request: fc.Arbitrary<FeedRequest> = fc.record({
  visibility: fc.record({ organizationId: orNull(id), ownerId: orNull(id) }),
  filter: fc.record({
    extensionIds: orNull(someIds),
    callIds: orNull(someIds),
    kinds: orNull(fc.uniqueArray(kind)),
    states: fc.constant(null),
  }),
  signal: fc.constant(signal),
});

const change: fc.Arbitrary<Change> = fc.record({
  organizationId: id,
  callId: id,
  version: fc.constant(1),
  kind,
  occurredAt: fc.constant('2026-01-02T03:04:05Z'),
  call: fc.constant(null),
  extensionIds: someIds,
  ownerIds: someIds,
});

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
