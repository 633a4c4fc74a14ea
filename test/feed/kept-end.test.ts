import { expect, test } from 'vitest';
import { type Entry, entryOf } from '../../src/feed/entry.ts';
import { readEnd } from '../../src/feed/kept-end.ts';
import type { Look } from '../../src/feed/log.ts';
import type { Position } from '../../src/feed/position.ts';
import { CALL } from '../support/call-view.ts';

const at = (id: number): Position => ({ epoch: 'one', xid: BigInt(id), id: BigInt(id) });

/** A change of a call with so many characters of user data. */
function entry(id: number, characters: number): Entry {
  const call = { ...CALL, userData: { note: 'n'.repeat(characters) } };
  return entryOf(at(id), {
    ...{ organizationId: 'o', callId: CALL.id, version: id, kind: 'STATE', call },
    ...{ occurredAt: CALL.offeredAt, dtmf: null, extensionIds: [], ownerIds: [] },
  });
}

/** What a look gives that found these. */
function lookAt(entries: readonly Entry[]): Look {
  const head = entries.at(-1)?.at ?? at(0);
  const horizon = head.xid + 1n;
  return { entries, head, end: head, oldest: at(0), horizon, future: horizon, blocked: false };
}

test('what is kept of the log is bounded by its size, too', async () => {
  const kept = await readEnd({ before: async () => at(0), after: async () => lookAt([]) });
  const changes = Array.from({ length: 800 }, (_, index) => entry(index + 1, 60_000));

  kept.take(lookAt(changes));

  const isKept = changes.map((change) => kept.since(change.at) !== null);
  expect(isKept.filter(Boolean).length * 60_000).toBeLessThan(40_000_000);
  expect(isKept.at(-300)).toBe(true);
  expect(kept.since(at(0))).toBeNull();
});
