import { expect, test } from 'vitest';
import { ReadyJson, writeReady } from '../../src/model/ready-json.ts';

test('what is ready goes into the answer as it is, in its places', () => {
  const value = { a: [new ReadyJson('[1,{"b":2}]'), 'x'], c: { d: new ReadyJson('[]') }, e: null };

  const written = writeReady(value);

  expect(written).toBe('{"a":[[1,{"b":2}],"x"],"c":{"d":[]},"e":null}');
});

test('a value with nothing ready in it is written as ever', () => {
  const value = { a: ['é😀\u2028"\\', 1.5, null] };

  const written = writeReady(value);

  expect(written).toBe(JSON.stringify(value));
});

test('a text with words that mean something to a replacement comes as it is', () => {
  const text = JSON.stringify(["$&$1$`$'$$"]);

  const written = writeReady({ a: new ReadyJson(text) });

  expect(written).toBe(`{"a":${text}}`);
});

test('whoever else writes JSON gets the value', () => {
  const value = { a: new ReadyJson('[ 1, {"b" : 2} ]') };

  const written = JSON.stringify(value);

  expect(written).toBe('{"a":[1,{"b":2}]}');
});

test('a text that is the same as a place stays what it is', () => {
  const place = placeOf();
  const value = { a: new ReadyJson('[1]'), b: place };

  const written = writeReady(value);

  expect(written).toBe(JSON.stringify({ a: [1], b: place }));
});

test('a value that cannot be written leaves no trace in the next', () => {
  const broken = { a: new ReadyJson('[1]'), b: 1n };
  expect(() => writeReady(broken)).toThrow(TypeError);

  const written = writeReady({ a: new ReadyJson('[2]') });

  expect(written).toBe('{"a":[2]}');
});

/** What stands for a text while a value is written. */
function placeOf(): unknown {
  let place: unknown;
  const thief = {
    toJSON: () => {
      place ??= new ReadyJson('1').toJSON();
      return null;
    },
  };
  writeReady(thief);
  return place;
}
