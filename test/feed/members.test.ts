import { expect, test } from 'vitest';
import type { FeedMessage } from '../../src/feed/feed.ts';
import { createMembers } from '../../src/feed/members.ts';
import { EVERYTHING } from '../../src/model/visibility.ts';

const BOOKMARK: FeedMessage = { type: 'BOOKMARK', position: 'here' };

test('who was told nothing before he came is reminded, however often all are sent away', async () => {
  const members = createMembers(() => ({ epoch: 'e', xid: 1n, id: 1n }));
  const told: FeedMessage[] = [];
  const receiver = {
    push: (message: FeedMessage) => told.push(message) > 0,
    accept: async () => {},
  };
  const leaving = new AbortController();
  const request = { visibility: EVERYTHING, signal: leaving.signal };
  const clock = { toldAt: 1000 };
  const before = members.add(request, receiver, clock);
  members.scatter();
  await before;
  const after = members.add(request, receiver, clock);

  members.remind(BOOKMARK, 1000);

  expect(told).toEqual([BOOKMARK]);
  expect(clock.toldAt).toBeGreaterThan(1000);
  leaving.abort();
  await after;
});
