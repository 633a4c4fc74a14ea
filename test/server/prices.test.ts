import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { createPrices } from '../../src/server/prices.ts';

const LIMITS = { depth: 15, aliases: 50, cost: 500, pageSize: 20 };
const PAGE = parse(`query ($n: Int, $with: Boolean = true, $number: String) {
  calls(first: $n, filter: { number: $number }) { nodes { id participants @include(if: $with) { number } } } }`);

/** The prices of one server, asked again and again for one document. */
function pricing(document = PAGE) {
  const prices = createPrices(LIMITS);
  return (variableValues: Record<string, unknown>) =>
    prices({ schema, document, variableValues })?.extensions['code'] ?? null;
}

test('a page that may be asked for does not let a larger one through', () => {
  const price = pricing();
  price({ n: 20 });

  const larger = price({ n: 21 });

  expect([price({ n: 20 }), larger]).toEqual([null, 'QUERY_TOO_COMPLEX']);
});

test('what was too malformed to be priced is priced when it comes again in order', () => {
  const price = pricing();
  price({ n: 21, number: 5 });

  const inOrder = price({ n: 21, number: '5' });

  expect(inOrder).toBe('QUERY_TOO_COMPLEX');
});

test('a part that is left out by a variable is priced all the same', () => {
  const half = parse(`query ($with: Boolean!) { calls(first: 20) { nodes { id
    participants @include(if: $with) { extension { calls(first: 20) { nodes { id state } } } } } } }`);
  const price = pricing(half);

  const answers = [price({ with: false }), price({ with: true })];

  expect(answers).toEqual(['QUERY_TOO_COMPLEX', 'QUERY_TOO_COMPLEX']);
});

test('a price with a default is not one for null', () => {
  const page = parse(`query ($n: Int = 1) { calls(first: $n) { nodes { id
    participants { extension { calls(first: 20) { nodes { id } } } } } } }`);
  const price = pricing(page);

  const answers = [price({}), price({ n: null })];

  expect(answers).toEqual([null, 'QUERY_TOO_COMPLEX']);
});

test('a null where none may be is refused, and turns no limit off', () => {
  const absent = parse(`query ($number: String = "210") { extension(number: $number) { number }
    calls(first: 5000) { nodes { participants { extension { calls(first: 5000) { nodes { id } } } } } } }`);

  const answer = pricing(absent)({ number: null });

  expect(answer).toBe('BAD_INPUT');
});

test('fragments within fragments that come to more fields than can be counted are refused', () => {
  const spreads = (name: string) => `...${name} `.repeat(30);
  const endless = parse(`{ ...A } fragment A on Query { ${spreads('B')} }
    fragment B on Query { ${spreads('C')} } fragment C on Query { ${spreads('D')} } fragment D on Query { __typename }`);

  const answer = pricing(endless)({});

  expect(answer).toBe('QUERY_TOO_COMPLEX');
});
