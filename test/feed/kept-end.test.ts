import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readEnd } from '../../src/feed/kept-end.ts';
import { ALL } from '../../src/feed/names.ts';
import { at, entry, lookAt } from '../support/sized-entries.ts';

test('what is kept of the log is bounded by its size, too', async () => {
  const kept = await readEnd({ before: async () => at(0), after: async () => lookAt([]) });
  const changes = Array.from({ length: 800 }, (_, index) => entry(index + 1, 60_000));

  kept.take(lookAt(changes));

  const isKept = changes.map((change) => kept.since(change.at, ALL) !== null);
  expect(isKept.filter(Boolean).length * 60_000).toBeLessThan(40_000_000);
  expect(isKept.at(-300)).toBe(true);
  expect(kept.since(at(0), ALL)).toBeNull();
});

test('a part of it is bounded by its size, and the next one goes on behind it', async () => {
  const sizes = fc.array(fc.constantFrom(10, 1000, 30_000, 90_000), { maxLength: 230 });
  const none = { before: async () => at(0), after: async () => lookAt([]) };

  await fc.assert(
    fc.asyncProperty(sizes, fc.nat(60), async (drawn, start) => {
      const kept = await readEnd(none);
      const all = drawn.map((size, index) => entry(index + 1, size));
      kept.take(lookAt(all));
      const got: bigint[] = [];
      const beforeLast: number[] = [];

      for (let from = at(Math.min(start, all.length)); ; ) {
        const { entries = [], head = from } = kept.since(from, ALL) ?? {};
        if (entries.length === 0) break;
        got.push(...entries.map((one) => one.at.id));
        const texts = entries.slice(0, -1).map((one) => one.kept?.text.length ?? 0);
        beforeLast.push(texts.reduce((sum, length) => sum + length, 0));
        from = head;
      }

      expect(got).toEqual(all.slice(start).map((one) => one.at.id));
      expect(Math.max(0, ...beforeLast)).toBeLessThan(64_000);
    }),
    { numRuns: 40 },
  );
});
