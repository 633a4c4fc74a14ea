import { expect, test } from 'vitest';
import { filledJson, withNames } from './places.ts';

test('what came in a named place is known by its name afterwards', () => {
  const names = new Map<string, string>();

  filledJson({ id: '{{call:NUMBER}}' }, { id: '42' }, names);

  expect(withNames('/calls/{{call}}/{{other}}', names)).toBe('/calls/42/{{other}}');
});

test.each([
  ['of another form', '{{HEX}}', 'nonsense'],
  ['with more round it', 'a{{NUMBER}}.c', 'a1bc'],
  ['that is no text', '{{NUMBER}}', 1],
])('what is %s stays as it was expected', (_name, expected, actual) => {
  const filled = filledJson(expected, actual, new Map());

  expect(filled).toBe(expected);
});

test.each([
  ['all that is expected, and more', [{ id: '1' }, { id: '2', at: 'x' }], true],
  ['another one', [{ id: '2' }], false],
  ['more about the one than is expected', [{ id: '1', at: 'x' }], false],
  ['nothing', [], false],
])('others may be in an array that has %s', (_name, actual, isFound) => {
  const expected = [{ id: '1' }, '{{OTHERS}}'];

  const filled = filledJson(expected, actual, new Map());

  expect(filled).toBe(isFound ? actual : expected);
});

test('a kind of place that is none is a mistake', () => {
  const fill = () => filledJson('{{HEXX}}', 'a', new Map());

  expect(fill).toThrow('There is no place of the kind HEXX');
});
