import { type ExecutionArgs, parse } from 'graphql';
import { expect, test } from 'vitest';
import type { FeedMessage } from '../../../src/feed/feed.ts';
import { schema } from '../../../src/graphql/schema.ts';
import { SCOPES, type Scope } from '../../../src/model/account.ts';
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
    dtmf: null,
    extensionIds: [],
    ownerIds: [],
  },
});

const ALICE: Visibility = { organizationId: 'acme', ownerId: 'alice' };

/** Who asks for what; all of it may be left out. */
interface Asking {
  readonly variables?: Record<string, unknown>;
  readonly visibility?: Visibility;
  readonly scopes?: readonly Scope[];
  /** What else its context carries. */
  readonly own?: object;
}

/** Renderings that remember what they executed, and how to ask for one. */
function watchedRenderings() {
  const run = createExecutor(schema);
  const executed: ExecutionArgs[] = [];
  const renderings = createRenderings(
    (args) => {
      executed.push(args);
      return run(args);
    },
    (error) => {
      throw error;
    },
  );
  const open = ({ variables = {}, visibility = ALICE, scopes = SCOPES, own }: Asking = {}) =>
    renderings({
      schema,
      document: DOCUMENT,
      variableValues: variables,
      contextValue: { visibility, principal: { scopes }, ...own } as unknown as Context, // all that is looked at
    });
  return { open, executed };
}

test('subscribers who would get the same share one execution, wherever they began', () => {
  const { open, executed } = watchedRenderings();
  const group = ['a', 'b', 'c'].map((after) => open({ variables: { after } }));
  const message = deletion('p1');

  const texts = group.map(({ textNow }) => textNow(message));

  expect(new Set(texts).size).toBe(1);
  expect(JSON.parse(String(texts[0]))).toEqual({
    data: {
      callChanges: { position: 'p1', callId: 'call p1', occurredAt: '2026-01-02T03:04:05.000Z' },
    },
  });
  expect(executed).toHaveLength(1);
});

test('a change is executed once for those who catch up on it later, too', async () => {
  const { open, executed } = watchedRenderings();
  using first = open();
  const messages = ['p1', 'p2', 'p3'].map(deletion);
  using later = open();
  for (const message of messages) await first.textOf(message);

  for (const message of messages) await later.textOf(message);

  expect(executed).toHaveLength(3);
});

test('what is told to all at the same time is not kept for anybody', async () => {
  const { open, executed } = watchedRenderings();
  using live = open();
  using later = open();
  const messages = ['p1', 'p2', 'p3'].map(deletion);
  for (const message of messages) await live.textNow(message);

  for (const message of messages) await later.textOf(message);

  expect(executed).toHaveLength(6);
});

test('what was erased from a change is not told from memory', async () => {
  const { open, executed } = watchedRenderings();
  using rendering = open();
  await rendering.textOf(deletion('p1'));

  await rendering.textOf(deletion('p1'));

  expect(executed).toHaveLength(2);
});

test.each<[string, Asking]>([
  ['what is asked for differs', { variables: { kind: false } }],
  ['one says null and the other nothing', { variables: { kind: null } }],
  ['the other sees something else', { visibility: { organizationId: 'acme', ownerId: null } }],
  ['the other may do less', { scopes: ['READ'] }],
])('nothing is shared where %s', async (_, asking) => {
  const { open, executed } = watchedRenderings();
  using one = open();
  using other = open(asking);
  const message = deletion('p1');

  await one.textOf(message);
  await other.textOf(message);

  expect(executed).toHaveLength(2);
});

test('a group keeps nothing of the connection of whoever came first', async () => {
  const { open, executed } = watchedRenderings();
  const { signal } = new AbortController();
  using rendering = open({ own: { sink: {}, signal, dialect: 'graphql' } });

  await rendering.textOf(deletion('p1'));

  const context = executed[0]?.contextValue as Context;
  expect(context).not.toHaveProperty('sink');
  expect(context.signal).not.toBe(signal);
  expect(context.dialect).toBe('graphql');
});
