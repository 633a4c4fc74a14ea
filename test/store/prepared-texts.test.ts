import { expect, test } from 'vitest';
import { createPreparedTexts } from '../../src/store/prepared-texts.ts';

const HOUR_MS = 3_600_000;

/** Three slots, at a time that the test says. */
function threeSlots() {
  const clock = { ms: 0 };
  const isPrepared = createPreparedTexts({ most: 3, now: () => clock.ms });
  const seen = (...texts: string[]) => texts.map(isPrepared);
  return { clock, seen };
}

test('a text is prepared when it comes again', () => {
  const { seen } = threeSlots();

  const prepared = seen('a', 'a', 'a');

  expect(prepared).toEqual([false, true, true]);
});

test('what comes once takes no slot from anybody', () => {
  const { seen } = threeSlots();
  seen('a', 'a', ...'bcdefghijk');

  const prepared = seen('x', 'x', 'y', 'y', 'a', 'b');

  expect(prepared).toEqual([false, true, false, true, true, false]);
});

test('slots in use are kept, for Postgres keeps what was prepared', () => {
  const { seen } = threeSlots();
  seen(...'aabbcc');

  const prepared = seen(...'ddd', ...'abc');

  expect(prepared).toEqual([false, false, false, true, true, true]);
});

test('a slot that was not used for an hour goes to what comes again, the longest unused first', () => {
  const { clock, seen } = threeSlots();
  seen(...'aabbcc');
  clock.ms = HOUR_MS / 2;
  seen('b', 'c');
  clock.ms = HOUR_MS;

  const prepared = seen(...'dd', ...'ee', ...'bc', ...'a');

  expect(prepared).toEqual([false, true, false, false, true, true, false]);
});
