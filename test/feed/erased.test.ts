import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createUnerased } from '../../src/feed/erased.ts';
import { type Entry, entryOf } from '../../src/feed/log.ts';
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

const shown = (entries: readonly Entry[]) =>
  entries.map(({ at, message }) => ({
    id: at.id,
    keys: Object.keys(message.change.call?.userData ?? {}),
  }));

test('what is kept has nothing of what later entries erase, however it came and went', () =>
  fc.assert(
    fc.property(steps, (drawnSteps) => {
      const kept = createUnerased();
      const all: Entry[] = [];
      let last = 0n;

      for (const { added, drop } of drawnSteps) {
        const entries = added.map((one, index) => entryAt(all.length + index + 1, one));
        all.push(...entries);
        kept.push(entries);
        last = kept.drop(drop).at(-1)?.at.id ?? last;
      }

      const expected = all.flatMap((_, index) => leftOf(all, index)).filter(({ id }) => id > last);
      expect(shown(kept.entries)).toEqual(expected);
    }),
    { numRuns: 500 },
  ));
