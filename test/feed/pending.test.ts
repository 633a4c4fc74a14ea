import { expect, test } from 'vitest';
import type { Change } from '../../src/feed/feed.ts';
import { createPending } from '../../src/feed/nats/pending.ts';
import { decodeTold, encodeTold, type Told } from '../../src/feed/nats/told.ts';

const EPOCH = '0123456789ab';
const at = (xid: number, epoch = EPOCH) => ({ epoch, xid: BigInt(xid), id: 1n });
const change: Change = {
  ...{ organizationId: 'o', callId: 'c', version: 1, kind: 'STATE', occurredAt: '', call: null },
  ...{ dtmf: null, extensionIds: [], ownerIds: [] },
};
const told = (after: number, to: number, partial: Partial<Told> = {}): Told => ({
  ...{ after: at(after), at: at(to), change, horizon: at(to).xid, blocked: false, leaves: false },
  ...partial,
});

/** What is taken from here, of what was told, as the places of its entries and the head after them. */
function taken(from: number, ...all: Told[]) {
  const pending = createPending();
  for (const one of all) pending.add(one);
  const look = pending.continuing(at(from));
  return {
    entries: look?.entries.map((entry) => Number(entry.at.xid)),
    head: look && Number(look.head.xid),
    more: pending.hasMore(),
  };
}

test('what continues the log is taken', () => {
  const result = taken(5, told(5, 7), told(7, 9), told(9, 12, { change: null }));

  expect(result).toEqual({ entries: [7, 9], head: 12, more: false });
});

test('what is known is dropped, however often it is told', () => {
  const result = taken(7, told(3, 5), told(5, 7), told(3, 5), told(5, 7), told(7, 8), told(5, 7));

  expect(result).toEqual({ entries: [8], head: 8, more: false });
});

test('what begins before the end and goes beyond it is taken', () => {
  expect(taken(6, told(5, 7))).toEqual({ entries: [7], head: 7, more: false });
});

test('from a hole on nothing is taken until the log is known up to there', () => {
  const pending = createPending();
  for (const one of [told(5, 6), told(7, 8), told(8, 9)]) pending.add(one);

  const before = pending.continuing(at(5));
  const within = pending.continuing(at(6));
  const after = pending.continuing(at(7));

  expect(before?.entries).toHaveLength(1);
  expect(within).toBeNull();
  expect(after?.entries.map((entry) => entry.at)).toEqual([at(8), at(9)]);
});

test('another life of the database is a hole, which is forgotten once it is known to be over', () => {
  const pending = createPending();
  const other = '9876543210ab';
  pending.add(told(5, 6, { after: at(5, other), at: at(6, other) }));

  expect(pending.continuing(at(5))).toBeNull();
  pending.keepOnly(EPOCH);
  expect(pending.hasMore()).toBe(false);
});

test('a horizon that stands is told on', () => {
  const pending = createPending();
  pending.add(told(5, 5, { change: null, blocked: true }));

  expect(pending.continuing(at(5))).toMatchObject({ blocked: true, entries: [] });
});

test('what is told is read as it was written, and nothing else is read', () => {
  const one = told(5, 7);

  expect(decodeTold(encodeTold(one))).toEqual(one);
  for (const text of ['', '{}', 'null', encodeTold(told(7, 5)), '{"after":"x","at":"y"}']) {
    expect(() => decodeTold(text)).toThrow();
  }
});
