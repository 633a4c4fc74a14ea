import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { answerVariables } from '../../../src/server/subscriptions/answer-variables.ts';

test.each([
  ['subscription ($after: Position) { callChanges(after: $after) { __typename } }', []],
  ['subscription ($n: String!) { callChanges(filter: { extensions: [$n] }) { __typename } }', []],
  [
    `subscription ($after: Position, $full: Boolean!) { callChanges(after: $after) { ...A } }
     fragment A on CallChanged { call { id userData @include(if: $full) } }`,
    ['full'],
  ],
  [
    `subscription ($both: Boolean!, $n: Int) { callChanges {
       ... on CallChanged @include(if: $both) { call { participants { extension { calls(first: $n) { nodes { id } } } } } } } }`,
    ['both', 'n'],
  ],
])('what is answered to %s depends on %j', (document, expected) => {
  const names = answerVariables(parse(document));

  expect(names).toEqual(expected);
});
