import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Entry, entryOf } from '../../src/feed/entry.ts';
import { ALL, type Names } from '../../src/feed/names.ts';
import type { Position } from '../../src/feed/position.ts';
import { createShelf, KEPT, type Shelf } from '../../src/feed/shelf.ts';
import { createSlots, type Slots } from '../../src/feed/slots.ts';
import type { ChangeKind } from '../../src/model/call.ts';
import { CALL } from '../support/call-view.ts';

interface Drawn {
  readonly callId: string;
  readonly kind: ChangeKind;
  readonly keys: readonly string[];
  readonly pressed: boolean;
}

const drawn: fc.Arbitrary<Drawn> = fc.record({
  callId: fc.constantFrom('a', 'b'),
  kind: fc.constantFrom<ChangeKind>('STATE', 'STATE', 'USER_DATA', 'DTMF', 'DELETED'),
  keys: fc.subarray(['name', 'account']),
  pressed: fc.boolean(),
});
const steps = fc.array(fc.record({ added: fc.array(drawn, { maxLength: 4 }), drop: fc.nat(2) }));

function entryAt(id: number, { callId, kind, keys, pressed }: Drawn): Entry {
  const userData = keys.length > 0 ? Object.fromEntries(keys.map((key) => [key, 'x'])) : null;
  const dtmf =
    kind === 'DTMF' && pressed ? { digits: '7', sequence: '00', pressedAt: CALL.offeredAt } : null;
  return entryOf(
    { epoch: 'one', xid: BigInt(id), id: BigInt(id) },
    {
      ...{ organizationId: 'o', callId, version: id, kind, extensionIds: [], ownerIds: [] },
      ...{ call: kind === 'DELETED' ? null : { ...CALL, userData }, occurredAt: CALL.offeredAt },
      dtmf,
    },
  );
}

/** What one entry has left after another of its call: place, keys of user data, and whether digits are there. */
function leftOf(all: readonly Entry[], index: number) {
  const { at, message } = all[index] as Entry;
  const { change } = message;
  const later = all
    .slice(index + 1)
    .map((entry) => entry.message.change)
    .filter(({ callId }) => callId === change.callId);
  if (later.some(({ kind }) => kind === 'DELETED')) return [];
  if (change.dtmf && later.some(({ kind, dtmf }) => kind === 'DTMF' && !dtmf)) return [];
  const still = Object.keys(change.call?.userData ?? {}).filter((key) =>
    later.every(({ kind, call }) => kind !== 'USER_DATA' || key in (call?.userData ?? {})),
  );
  return [{ id: at.id, keys: still }];
}

const shown = (entries: readonly (Entry | null)[]) =>
  entries
    .filter((entry) => entry !== null)
    .map(({ at, message }) => ({
      id: at.id,
      keys: Object.keys(message.change.call?.userData ?? {}),
    }));

const keptIn = (slots: Slots) =>
  Array.from({ length: slots.end() - slots.first() }, (_, index) =>
    slots.entryAt(slots.first() + index),
  );

test('what is kept has nothing of what later entries erase, however it came and went', () =>
  fc.assert(
    fc.property(steps, (drawnSteps) => {
      const slots = createSlots();
      const all: Entry[] = [];

      for (const { added, drop } of drawnSteps) {
        const entries = added.map((one, index) => entryAt(all.length + index + 1, one));
        all.push(...entries);
        slots.push(entries);
        slots.drop(drop);
      }

      const expected = all.slice(slots.first()).flatMap((_, at) => leftOf(all, slots.first() + at));
      expect(shown(keptIn(slots))).toEqual(expected);
      const places = [...slots.placesFrom(0, ['organization', ['o']])];
      expect(places).toEqual([...all.keys()].slice(slots.first()));
    }),
    { numRuns: 500 },
  ));

/** Reads what has these names on from an id to a shelf's end, part by part. */
function readFrom(shelf: Shelf, id: bigint, names: Names = ALL): Entry[] {
  const got: Entry[] = [];
  let position: Position | null = { epoch: 'one', xid: id, id };
  while (position) {
    const part = shelf.after(position, names);
    got.push(...part.entries);
    position = part.upTo;
  }
  return got;
}

/** By which a reader finds what is of these calls. */
const named: fc.Arbitrary<readonly [Names, readonly string[]]> = fc.constantFrom(
  [ALL, ['a', 'b']],
  [
    ['organization', ['o']],
    ['a', 'b'],
  ],
  [['call', ['a']], ['a']],
  [
    ['call', ['b', 'none', 'a']],
    ['a', 'b'],
  ],
  [['extension', ['none']], []],
);

test('who reads on from any place is given all that is left behind it of what it names, in order', () =>
  fc.assert(
    fc.property(steps, fc.nat(40), fc.nat(40), named, (drawnSteps, looksBefore, start, by) => {
      const [names, calls] = by;
      const shelf = createShelf();
      const all: Entry[] = [];
      for (const [step, { added }] of drawnSteps.entries()) {
        const more = Array.from({ length: 30 }, () => added).flat();
        const entries = more.map((one, index) => entryAt(all.length + index + 1, one));
        all.push(...entries);
        shelf.add(entries);
        // What somebody has read already must not come back when it is erased.
        if (step === looksBefore) readFrom(shelf, 0n);
      }

      const got = readFrom(shelf, BigInt(start), names);

      const expected = all
        .flatMap((one, at) => (calls.includes(one.message.change.callId) ? leftOf(all, at) : []))
        .filter(({ id }) => id > start);
      expect(shown(got)).toEqual(expected);
    }),
    { numRuns: 60 },
  ));

test('what is too old goes, and who has read it does not keep what follows from being erased', () => {
  const shelf = createShelf();
  const named = { callId: 'a', kind: 'STATE', keys: ['name'], pressed: false } as const;
  const all = Array.from({ length: 3 * KEPT }, (_, index) => entryAt(index + 1, named));
  const deleted = entryAt(all.length + 1, { ...named, kind: 'DELETED', callId: 'b' });
  const renamed = entryAt(all.length + 2, { ...named, kind: 'USER_DATA', keys: [] });
  const gone: (bigint | undefined)[] = [];
  for (let start = 0; start < all.length; start += 200) {
    const last = shelf.add(all.slice(start, start + 200));
    if (last) gone.push(last.id);
    if (start % 5000 === 0) readFrom(shelf, 0n);
  }

  shelf.add([deleted, renamed]);

  const left = readFrom(shelf, 0n);
  const last = gone.at(-1) ?? 0n;
  expect(left.map(({ at }) => at.id)).toEqual(
    [...all, deleted, renamed].map(({ at }) => at.id).filter((id) => id > last),
  );
  expect(left.length).toBeGreaterThanOrEqual(KEPT);
  expect(shown(left).flatMap(({ keys }) => keys)).toEqual([]);
});
