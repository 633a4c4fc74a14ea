import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { filled } from '../../src/store/queries/forms.ts';

const list = (page: object, filter: object) => ({
  list: { page, filter },
  visibility: { organizationId: 'o', ownerId: null },
});

type Asked = ReturnType<typeof list>;

/** Counts how often it is built; the text names what there is of the input. */
function counting() {
  const state = { built: 0 };
  const build = ({ list: { page, filter }, visibility }: Asked) => {
    state.built += 1;
    const given = Object.entries({ ...page, ...filter, ...visibility }).filter(
      ([, value]) => value !== null,
    );
    const parts = given.flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).map((part) => sql`${sql.raw(name)} = ${part}`),
    );
    return sql.join(parts, sql` and `);
  };
  return { state, build };
}

test('the same form with other values is built once, and has these values', () => {
  const { state, build } = counting();
  filled('same', list({ after: ['a', 'b'] }, { number: '1' }), build);

  const second = filled('same', list({ after: ['c', 'd'] }, { number: '2' }), build);

  expect(state.built).toBe(1);
  expect(second.params).toEqual(['c', 'd', '2', 'o']);
});

test.each([
  ['what is absent', list({ after: null }, { number: '1' })],
  ['another limit', list({ after: ['a', 'b'], limit: 2 }, { number: '1' })],
  ['what decides by its value', list({ after: ['a', 'b'] }, { number: '1', states: ['ENDED'] })],
])('%s is another form', (_, other) => {
  const { state, build } = counting();
  filled(`other ${_}`, list({ after: ['a', 'b'] }, { number: '1' }), build);

  const second = filled(`other ${_}`, other, build);

  expect(state.built).toBe(2);
  expect(second.sql).not.toContain('undefined');
});

test('a shape that comes again keeps its own values apart from those around it', () => {
  const { build } = counting();
  const page = { after: ['a', 'b'] };
  filled('again', list(page, { number: '1' }), build);

  const second = filled('again', list(page, { number: '2' }), build);

  expect(second.params).toEqual(['a', 'b', '2', 'o']);
});
