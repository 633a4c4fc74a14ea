import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isCertain, isHeld, parseExactly, parseKeeping } from '../../src/model/exact-json.ts';

test.each([
  '0',
  '-0.0',
  '42',
  '1e3',
  '1.50',
  '9007199254740991',
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

test('of integers those are certain that no other is read as', () => {
  const certain = [2 ** 53 - 1, 2 ** 53, 1e300, 0.5, Infinity].filter(isCertain);

  expect(certain).toEqual([2 ** 53 - 1, 0.5]);
});

test('JSON is read as ever', () => {
  const value = parseExactly('{"a":[1,"9007199254740993",{"b":null}],"c":1e3}');

  expect(value).toEqual({ a: [1, '9007199254740993', { b: null }], c: 1000 });
});

test('JSON with a number that would be changed is refused, however deep it stands', () => {
  const reading = () => parseExactly('{"a":[{"b":9007199254740993}]}');

  expect(reading).toThrow('send it as text');
});

test('of JSON that cannot be refused, such a number is kept as it was written', () => {
  const value = parseKeeping('{"a":[{"b":-9007199254740993}],"c":1e3}');

  expect(value).toEqual({ a: [{ b: '-9007199254740993' }], c: 1000 });
});
