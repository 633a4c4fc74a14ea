import { getOperationAST, parse } from 'graphql';
import { expect, test } from 'vitest';
import { markReady } from '../../src/graphql/ready-lists.ts';
import { schema } from '../../src/graphql/schema.ts';

function mark(text: string): boolean {
  const document = parse(text);
  const operation = getOperationAST(document, document.definitions.length > 1 ? 'Q' : null);
  return operation !== null && operation !== undefined && markReady(schema, document, operation);
}

test.each([
  '{ calls { nodes { id } } }',
  '{ calls(last: 3) { totalCount nodes { when: offeredAt } pageInfo { endCursor } __typename } }',
  '{ calls { nodes { participants { number extension { label owner { username } } } } } }',
  '{ live: calls(filter: { states: [HELD] }) { nodes { id } } all: calls { nodes { state } } }',
  'query ($n: String!) { extension(number: $n) { label calls { nodes { id } } phoneCallEvents { nodes { url } } } }',
  '{ extensions { nodes { __typename number } } viewer { username } }',
  '{ viewer { calls { nodes { id } } extensions { nodes { id } } } }',
  '{ node(id: "x") { id ... on Extension { calls { nodes { id } } } } }',
  'query Q { calls { ...Page } } fragment Page on CallConnection { nodes { ...Row } } fragment Row on Call { id ani }',
])('a page of nothing but properties is ready: %s', (text) => {
  const isReady = mark(text);

  expect(isReady).toBe(true);
});

test.each([
  ['no page', '{ viewer { username } }'],
  ['a page without nodes', '{ calls { totalCount } }'],
  ['what is computed', '{ calls { nodes { id duration } } }'],
  ['what has a list of its own', '{ calls { nodes { identifiers { value } } } }'],
  ['JSON that Postgres writes in its own way', '{ calls { nodes { userData } } }'],
  ['edges', '{ calls { nodes { id } edges { cursor } } }'],
  ['nodes twice', '{ calls { nodes { id } more: nodes { state } } }'],
  ['nodes from two places', '{ calls { nodes { id } } calls { nodes { state } } }'],
  [
    'one list twice below an extension',
    '{ extension(number: "1") { a: calls { nodes { id } } b: calls { nodes { state } } } }',
  ],
  ['a page below a page', '{ extensions { nodes { calls { nodes { id } } } } }'],
  [
    'one page that is and one that is not',
    '{ a: calls { nodes { id } } b: calls { nodes { duration } } }',
  ],
  [
    'what depends on a variable',
    'query ($w: Boolean!) { calls { nodes { id ani @include(if: $w) } } }',
  ],
  ['a key that JavaScript takes for something else', '{ calls { nodes { id __proto__: ani } } }'],
  ['a mutation', 'mutation { deleteCall(input: { callId: "x" }) { callId } }'],
])('what is not is left to be executed: %s', (_, text) => {
  const isReady = mark(text);

  expect(isReady).toBe(false);
});
