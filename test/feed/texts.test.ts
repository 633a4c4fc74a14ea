import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTexts, type KeptText } from '../../src/feed/texts.ts';

const step = fc.record({
  unit: fc.constantFrom('a', 'ü', '€', '😀'),
  times: fc.oneof(fc.nat(2000), fc.constantFrom(10_920, 10_923, 300_000, 1_200_000)),
  /** Which of those that are there goes afterwards, if any. */
  gone: fc.option(fc.nat(10)),
});

test('a text is read as it was given, whatever came and went meanwhile', () =>
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const texts = createTexts();
      const kept: [KeptText, string][] = [];

      for (const { unit, times, gone } of steps) {
        const text = `pieces${unit.repeat(times)}`;
        kept.push([texts.keep(['pieces', unit.repeat(times)]), text]);
        const [[last] = []] = gone === null ? [] : kept.splice(gone, 1);
        if (last) texts.drop(last);
      }

      expect(kept.filter(([where, text]) => texts.read(where) !== text)).toEqual([]);
    }),
    { numRuns: 60 },
  ));

test('nothing of a text that is dropped stays in memory', () => {
  const texts = createTexts();
  const kept = texts.keep(['the ', 'secret']);

  texts.drop(kept);

  expect(kept.segment.bytes.includes('secret')).toBe(false);
});
