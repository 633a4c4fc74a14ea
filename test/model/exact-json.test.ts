import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  areExact,
  isHeld,
  markedText,
  parseKeeping,
  parseMarking,
} from '../../src/model/exact-json.ts';

test.each([
  '0',
  '-0.0',
  '42',
  '1e3',
  '1.50',
  '9007199254740991',
  '9007199254740992',
  '1152921504606847000',
  '1e21',
  '100000000000000000000',
  '0.1',
  '0.10000000000000001',
  '5e-324',
  '-1.7976931348623157E+308',
])('%s is kept', (text) => {
  expect(isHeld(text)).toBe(true);
});

test.each([
  '9007199254740993',
  '90071992547409936',
  '1152921504606846976',
  '-12345678901234567891',
  '1e400',
  '1e-400',
  '0.1234567890123456789',
  `1${'0'.repeat(1000)}`,
])('%s is not', (text) => {
  expect(isHeld(text)).toBe(false);
});

test('whatever JavaScript writes it reads again', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) =>
      isHeld(JSON.stringify(value)),
    ),
  );
});

test('of whole numbers, one is kept that is written again digit by digit', () => {
  const whole = fc.stringMatching(/^-?[1-9]\d{13,18}0{0,2}$/);
  fc.assert(
    fc.property(whole, (text) => {
      expect(isHeld(text)).toBe(JSON.stringify(Number(text)) === text);
    }),
    { numRuns: 1000 },
  );
});

const number = fc
  .tuple(
    fc.stringMatching(/^-?(?:0|[1-9]\d{0,20})(?:\.\d{1,18})?$/),
    fc.option(fc.integer({ min: -330, max: 330 })),
  )
  .map(([text, power]) => (power === null ? text : `${text}e${power}`));

test('of a number nothing but itself is read', () => {
  fc.assert(
    fc.property(number, (text) => {
      const beyond = Number(text.startsWith('-') ? '-Infinity' : 'Infinity');
      expect(parseMarking(`[${text}]`)).toEqual([isHeld(text) ? Number(text) : beyond]);
    }),
  );
});

test('JSON is read as ever', () => {
  const value = parseMarking('{"a":[1,"9007199254740993",{"b":null}],"c":1e3,"d":1e21}');

  expect(value).toEqual({ a: [1, '9007199254740993', { b: null }], c: 1000, d: 1e21 });
  expect(areExact(value)).toBe(true);
});

test('a number that would be changed is found, however deep it stands', () => {
  const value = parseMarking('{"a":[{"b":9007199254740993}]}');

  expect(areExact(value)).toBe(false);
});

test('what is nested deeper than anything can be walked is looked through all the same', () => {
  const value = parseMarking(`${'['.repeat(100_000)}1e300${']'.repeat(100_000)}`);

  expect(areExact(value)).toBe(true);
});

test('a number that would be changed is found, however much is around it', () => {
  const value = parseMarking(`${'['.repeat(100_000)}1e400${']'.repeat(100_000)}`);

  expect(areExact(value)).toBe(false);
});

test('what looks like a number in a string stays, whatever is beside it', () => {
  const piece = fc.constantFrom('"', '\\', '9007199254740993', '1e400', '-', ',', 'a');
  const strings = fc.array(fc.array(piece).map((pieces) => pieces.join('')));
  fc.assert(
    fc.property(strings, (value) => {
      const read = parseKeeping(`[${JSON.stringify(value)},9007199254740993]`);

      expect(read).toEqual([value, '9007199254740993']);
    }),
  );
});

test.each([
  ['digits', `[${'1'.repeat(1_000_000)}]`],
  ['short numbers', `[${'111111111111111,'.repeat(60_000)}1e400]`],
  ['quotes', `["${'\\"'.repeat(500_000)}",1e400]`],
  ['backslashes', `["${'\\\\'.repeat(500_000)}",1e400]`],
  ['strings', `[${'"",'.repeat(300_000)}1e400]`],
])('a million %s are looked through in no time', (_what, text) => {
  const value = parseMarking(text);

  expect(areExact(value)).toBe(false);
});

test.each([
  '[12345678901234567890abc]',
  '[000000000000000012345678901234567890]',
  '[--1e400]',
  '[1.2.3.4.5.6.7.8.9.0]',
  '[+1e400]',
  '["1e400]',
  '[1e400"]',
])('what is no JSON is none when its numbers are marked: %s', (text) => {
  const marked = markedText(text);

  expect(() => JSON.parse(marked)).toThrow(SyntaxError);
});

test('of JSON that cannot be refused, such a number is kept as it was written', () => {
  const value = parseKeeping('{"a":[{"b":-9007199254740993}],"c":1e3}');

  expect(value).toEqual({ a: [{ b: '-9007199254740993' }], c: 1000 });
});
