import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dataOf } from '../support/ask.ts';
import { type Message, openGraphqlSocket } from '../support/graphql-socket.ts';
import { nextConnection, tellLate } from '../support/server-side.ts';
import { startTandem, type TestTandem } from '../support/tandem.ts';

let tandem: TestTandem;
beforeAll(async () => {
  tandem = await startTandem({ demo: true });
});
afterAll(() => tandem[Symbol.asyncDispose]());

/** Nothing but the call of the Verba example, which no traffic touches. */
const FOLLOW = (
  alias: string,
) => `subscription { ${alias}: callChanges(filter: { extensions: ["8856"],
  kinds: [USER_DATA] }) { __typename ... on CallChanged { call { userData } } } }`;
const ATTACH = `mutation ($value: JSON!) { attachUserData(input: { userData: $value,
  identifier: { scheme: NATIVE, value: "TRS26140192" } }) { call { id } } }`;
const READ = `{ call(identifier: { scheme: NATIVE, value: "TRS26140192" }) { userData } }`;
const attach = (value: object) => dataOf(tandem, ATTACH, { variables: { value } });

const tells = (alias: string, key: string) => (message: Message) =>
  JSON.stringify(message.payload?.data[alias] ?? '').includes(key);
const isBookmark = ({ payload }: Message) =>
  Object.values(payload?.data ?? {}).some(({ __typename }) => __typename === 'FeedBookmark');

test('an id that is used again at once belongs to the new operation alone', async () => {
  await using client = await openGraphqlSocket(tandem);

  for (let times = 0; times < 5; times += 1) {
    client.subscribe('r', FOLLOW('old'));
    client.complete('r');
  }
  client.subscribe('r', FOLLOW('new'));
  await client.until(isBookmark);
  await attach({ turn: 'first' });
  await client.until(tells('new', 'first'));

  expect(client.got.filter(tells('new', 'first'))).toHaveLength(1);
  expect(client.got.filter(({ payload }) => payload?.data['old'])).toEqual([]);
  expect(client.got.map(({ type }) => type)).not.toContain('complete');
});

test('an operation with an id that was used before can be ended', async () => {
  await using client = await openGraphqlSocket(tandem);
  client.subscribe('r', FOLLOW('old'));
  client.complete('r');
  client.subscribe('r', FOLLOW('new'));
  await client.until(isBookmark);

  client.complete('r');
  client.subscribe('other', FOLLOW('other'));
  await client.until(({ id }) => id === 'other');
  await attach({ turn: 'second' });
  await client.until(tells('other', 'second'));

  expect(client.got.filter(tells('new', 'second'))).toEqual([]);
});

test('a query is answered under the id of an operation that was just left', async () => {
  await using client = await openGraphqlSocket(tandem);

  client.subscribe('r', FOLLOW('old'));
  client.complete('r');
  client.subscribe('r', '{ __typename }');
  await client.until(({ type }) => type === 'complete');

  expect(client.got.slice(1)).toEqual([
    { id: 'r', type: 'next', payload: { data: { __typename: 'Query' } } },
    { id: 'r', type: 'complete' },
  ]);
});

test.each([
  ['runs', ['subscribe', 'subscribe']],
  ['waits for its turn', ['subscribe', 'complete', 'subscribe', 'subscribe']],
] as const)(
  'an id whose operation %s closes the connection when it is used again',
  async (_, steps) => {
    await using client = await openGraphqlSocket(tandem);
    const closed = once(client.socket, 'close');

    for (const step of steps) client[step]('r', FOLLOW('old'));
    const [code, reason] = await closed;

    expect([code, String(reason)]).toEqual([4409, 'Subscriber for r already exists']);
  },
);

test('an id that does not go into a reason closes the connection as any other', async () => {
  await using client = await openGraphqlSocket(tandem);
  const closed = once(client.socket, 'close');

  for (const alias of ['one', 'two']) client.subscribe('i'.repeat(200), FOLLOW(alias));
  const [code, reason] = await closed;

  expect([code, String(reason)]).toEqual([4409, `Subscriber for ${'i'.repeat(108)}`]);
});

test('operations beyond what a connection may hold are refused, and the others go on', async () => {
  await using client = await openGraphqlSocket(tandem);
  const variables = { junk: 'j'.repeat(900_000) };
  for (const id of ['a', 'b', 'c']) client.subscribe(id, FOLLOW('big'), { variables });

  client.subscribe('d', '{ __typename }');
  await client.until(({ id }) => id === 'd');
  await client.until((message) => message.id === 'c' && isBookmark(message));
  await attach({ turn: 'third' });
  await client.until((message) => message.id === 'c' && tells('big', 'third')(message));

  expect(client.got.filter(({ id }) => id === 'd')).toMatchObject([
    { type: 'error', payload: [{ extensions: { code: 'RATE_LIMITED' } }] },
  ]);
});

test('an id that is too long closes the connection', async () => {
  await using client = await openGraphqlSocket(tandem);
  const closed = once(client.socket, 'close');

  client.subscribe('i'.repeat(257), '{ __typename }');
  const [code, reason] = await closed;

  expect([code, String(reason)]).toEqual([4400, 'An id has at most 256 characters']);
});

test.each([
  ['complete', '{ __typename }'],
  ['error', '{ nope }'],
])('an id is free as soon as its client has read its %s', async (end, query) => {
  const connecting = nextConnection();
  await using client = await openGraphqlSocket(tandem);
  const tell = tellLate(await connecting);
  const closed = once(client.socket, 'close');
  client.subscribe('r', query);
  // The end is sent when the result is known to be.
  if (end === 'complete') await once(client.socket, 'message').then(tell);
  await client.until(({ type }) => type === end);

  client.subscribe('r', '{ again: __typename }');
  client.socket.ping();
  await once(client.socket, 'pong');
  tell();
  await Promise.race([client.until(({ payload }) => 'again' in (payload?.data ?? {})), closed]);

  expect(client.got.at(-1)).toEqual({
    id: 'r',
    type: 'next',
    payload: { data: { again: 'Query' } },
  });
});

test('what waits for an id when the connection goes is not begun', async () => {
  const connecting = nextConnection();
  await using client = await openGraphqlSocket(tandem);
  const connection = await connecting;
  const tell = tellLate(connection);
  const closed = once(connection, 'close');
  const variables = { value: { late: true } };
  client.subscribe('r', '{ nope }');
  await client.until(({ type }) => type === 'error');
  client.subscribe('r', ATTACH, { variables });
  client.subscribe('s', ATTACH, { variables: { value: { turn: 'fifth' } } });
  await client.until(({ id }) => id === 's');

  client.socket.terminate();
  await closed;
  await nextTurn();
  tell();
  await attach({ turn: 'sixth' });
  const kept = JSON.stringify(await dataOf(tandem, READ));

  expect(kept).toContain('sixth');
  expect(kept).not.toContain('late');
});
