import fc from 'fast-check';
import type { Change, FeedRequest } from '../../src/feed/feed.ts';

const signal = new AbortController().signal;
const id = fc.constantFrom('a', 'b', 'c');
const someIds = fc.uniqueArray(id, { maxLength: 3 });
const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
const kind = fc.constantFrom('STATE', 'USER_DATA', 'PARTICIPANTS', 'DELETED' as const);

/** Any request for changes. */
export const request: fc.Arbitrary<FeedRequest> = fc.record({
  visibility: fc.record({ organizationId: orNull(id), ownerId: orNull(id) }),
  filter: fc.record({
    extensionIds: orNull(someIds),
    callIds: orNull(someIds),
    kinds: orNull(fc.uniqueArray(kind)),
    states: fc.constant(null),
  }),
  signal: fc.constant(signal),
});

/** Any change, of few calls, extensions, owners and organizations. */
export const change: fc.Arbitrary<Change> = fc.record({
  organizationId: id,
  callId: id,
  version: fc.constant(1),
  kind,
  occurredAt: fc.constant('2026-01-02T03:04:05Z'),
  ...{ call: fc.constant(null), dtmf: fc.constant(null) },
  extensionIds: someIds,
  ownerIds: someIds,
});
