import { parse } from 'graphql';
import { expect, test } from 'vitest';
import type { FeedMessage } from '../../../src/feed/feed.ts';
import { schema } from '../../../src/graphql/schema.ts';
import type { Visibility } from '../../../src/model/visibility.ts';
import type { Context } from '../../../src/operations/context.ts';
import { createExecutor } from '../../../src/server/execute.ts';
import { createRenderings } from '../../../src/server/subscriptions/rendering.ts';

const DOCUMENT = parse(`subscription ($after: Position, $kind: Boolean = true) {
  callChanges(after: $after) { ... on FeedEntry { position } ... on CallDeleted { callId occurredAt @include(if: $kind) } } }`);

const deletion = (position: string): FeedMessage => ({
  type: 'CHANGE',
  position,
  change: {
    organizationId: 'acme',
    callId: `call ${position}`,
    version: 3,
    kind: 'DELETED',
    occurredAt: '2026-01-02T03:04:05.000Z',
    call: null,
    extensionIds: [],
    ownerIds: [],
  },
});

/** Renderings that count how often they execute, and how to ask for one. */
function countingRenderings() {
  const run = createExecutor(schema);
  let executions = 0;
  const renderings = createRenderings(
    (args) => {
      executions += 1;
      return run(args);
    },
    (error) => {
      throw error;
    },
  );
  const alice = { organizationId: 'acme', ownerId: 'alice' };
  const open = (variableValues: object, visibility: Visibility = alice) =>
    renderings({
      schema,
      document: DOCUMENT,
      variableValues: { ...variableValues },
      contextValue: { visibility, principal: { scopes: [] } } as unknown as Context, // all that is looked at
    });
  return { open, executions: () => executions };
}

test('subscribers who would get the same share one execution, wherever they began', () => {
  const { open, executions } = countingRenderings();
  const group = ['a', 'b', 'c'].map((after) => open({ after }));
  const message = deletion('p1');

  const texts = group.map(({ textOf }) => textOf(message));

  expect(new Set(texts).size).toBe(1);
  expect(JSON.parse(String(texts[0]))).toEqual({
    data: {
      callChanges: { position: 'p1', callId: 'call p1', occurredAt: '2026-01-02T03:04:05.000Z' },
    },
  });
  expect(executions()).toBe(1);
});

test('a change is executed once for those who catch up on it later, too', async () => {
  const { open, executions } = countingRenderings();
  using first = open({});
  const messages = ['p1', 'p2', 'p3'].map(deletion);
  using later = open({});
  for (const message of messages) await first.textOf(message);

  for (const message of messages) await later.textOf(message);

  expect(executions()).toBe(3);
});

test('what was erased from a change is not told from memory', async () => {
  const { open, executions } = countingRenderings();
  using rendering = open({});
  await rendering.textOf(deletion('p1'));

  await rendering.textOf(deletion('p1'));

  expect(executions()).toBe(2);
});

test.each([
  ['what is asked for differs', { kind: false }, { organizationId: 'acme', ownerId: 'alice' }],
  [
    'one says null and the other nothing',
    { kind: null },
    { organizationId: 'acme', ownerId: 'alice' },
  ],
  ['the other sees something else', {}, { organizationId: 'acme', ownerId: null }],
])('nothing is shared where %s', async (_, variables, visibility) => {
  const { open, executions } = countingRenderings();
  using one = open({});
  using other = open(variables, visibility);
  const message = deletion('p1');

  await one.textOf(message);
  await other.textOf(message);

  expect(executions()).toBe(2);
});
