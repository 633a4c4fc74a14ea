import fc from 'fast-check';
import { expect, test } from 'vitest';
import { areExact, isHeld, parseKeeping, parseMarking } from '../../src/model/exact-json.ts';

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

test('a whole number is kept that is written again digit by digit', () => {
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
      expect(parseMarking(`[${text}]`)).toEqual([isHeld(text) ? Number(text) : Number.NaN]);
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
  const value = parseMarking(`${'['.repeat(100_000)}1${']'.repeat(100_000)}`);

  expect(areExact(value)).toBe(true);
});

test('of JSON that cannot be refused, such a number is kept as it was written', () => {
  const value = parseKeeping('{"a":[{"b":-9007199254740993}],"c":1e3}');

  expect(value).toEqual({ a: [{ b: '-9007199254740993' }], c: 1000 });
});
