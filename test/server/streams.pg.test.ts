import { once } from 'node:events';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { issueToken } from '../../src/auth/tokens.ts';
import { hashSecret } from '../../src/model/secret.ts';
import { ask, bearer, dataOf } from '../support/ask.ts';
import { closeOf, follow } from '../support/follow.ts';
import { rawConnection } from '../support/raw.ts';
import { followBySse } from '../support/sse.ts';
import { startTandem, type TestTandem } from '../support/tandem.ts';

let tandem: TestTandem;
beforeAll(async () => {
  tandem = await startTandem({ demo: true });
});
afterAll(() => tandem[Symbol.asyncDispose]());

const CHANGES = `subscription ($after: Position, $filter: CallChangeFilter) {
  callChanges(after: $after, filter: $filter) { __typename ... on FeedEntry { position }
    ... on CallSnapshot { call { id } } ... on CallChanged { kind call { id userData } } ... on CallDeleted { callId } } }`;
const ATTACH = `mutation ($value: JSON!) { attachUserData(input: { userData: $value,
  identifier: { scheme: NATIVE, value: "TRS26140192" } }) { call { id } } }`;
/** Nothing but the call of the Verba example, which no traffic touches. */
const FILTER = { extensions: ['8856'], kinds: ['USER_DATA'] };

interface Message {
  readonly __typename: string;
  readonly position: string;
  readonly call?: { readonly id: string; readonly userData: unknown };
}

const messageOf = (data: Record<string, unknown>) => data['callChanges'] as Message; // as CHANGES asks
/** The next one that tells of a call: bookmarks come whenever it is sure that nothing is missing. */
async function nextCall(stream: { next(): Promise<Record<string, unknown>> }): Promise<Message> {
  for (;;) {
    const message = messageOf(await stream.next());
    if (message.call) return message;
  }
}
const bySocket = (variables: object) => follow(tandem, CHANGES, { variables: { ...variables } });
const bySse = (variables: object) => followBySse(tandem, CHANGES, { ...variables });
const attach = (value: object) => dataOf(tandem, ATTACH, { variables: { value } });

async function throwAwayToken(): Promise<string> {
  const [user] = await tandem.database.rows<{ userId: string; organizationId: string }>(
    sql`select id as "userId", organization_id as "organizationId" from users where username = 'alice'`,
  );
  if (!user) throw new Error('The demo has no alice.');
  return issueToken(tandem.database, { ...user, expiresAt: null });
}

const revoke = (token: string) =>
  tandem.database.rows(sql`update tokens set revoked_at = now() where hash = ${hashSecret(token)}`);

test.each([
  ['nothing', undefined],
  ['an empty object', {}],
  ['a wrong token', { authorization: 'Bearer wrong-token-here' }],
  ['a token that is no text', { authorization: 7 }],
  ['a token without its scheme', { authorization: 'demo-alice-token' }],
])('a connection that says %s is closed with 4403', async (_, params) => {
  const close = await closeOf(tandem, params);

  expect(close.code).toBe(4403);
});

test.each([
  ['graphql-ws', bySocket],
  ['server-sent events', bySse],
])('%s resumes after the last position, and nothing is lost or told twice', async (_, open) => {
  const first = open({ filter: FILTER });
  const bookmark = messageOf(await first.next());
  await attach({ step: 1 });
  const seen = await nextCall(first);
  await first[Symbol.asyncDispose]();
  await attach({ step: 2 });
  await attach({ step: 3 });

  await using second = open({ filter: FILTER, after: seen.position });
  const missed = [await nextCall(second), await nextCall(second)];

  expect(bookmark.__typename).toBe('FeedBookmark');
  expect(seen.call?.userData).toMatchObject({ step: 1 });
  expect(missed.map(({ call }) => call?.userData)).toMatchObject([{ step: 2 }, { step: 3 }]);
});

test.each([
  ['graphql-ws', bySocket],
  ['server-sent events', bySse],
])('%s: a filter on somebody else’s extension is refused', async (_, open) => {
  await using stream = open({ filter: { extensions: ['0004*210'] } });

  const errors = await stream.errors();

  expect(errors).toMatchObject([{ extensions: { code: 'EXTENSION_NOT_FOUND' } }]);
});

test('of several operations one must be named', async () => {
  await using stream = follow(
    tandem,
    `${CHANGES} query Other { viewer { __typename } }`.replace('subscription', 'subscription One'),
  );

  const errors = await stream.errors();

  expect(errors).toMatchObject([{ extensions: { code: 'BAD_INPUT' } }]);
});

test.each(['nonsense', 'AAAA', '\0'])('the position %j is refused', async (after) => {
  await using stream = bySocket({ after });

  const errors = await stream.errors();

  expect(errors).toMatchObject([{ extensions: { code: 'BAD_INPUT' } }]);
});

test('a socket is closed with 4403 within a second of its token being revoked', async () => {
  const token = await throwAwayToken();
  const params = { authorization: `Bearer ${token}` };
  await using stream = follow(tandem, CHANGES, { params, variables: { filter: FILTER } });
  await stream.next();
  const from = performance.now();
  await revoke(token);

  const close = await stream.closed();

  expect(close.code).toBe(4403);
  expect(performance.now() - from).toBeLessThan(1000);
});

test.each(['text/event-stream', '*/*'])(
  'a stream of events for %s ends within a second of its token being revoked',
  async (accept) => {
    const token = await throwAwayToken();
    const headers = { authorization: `Bearer ${token}` };
    const variables = { filter: FILTER };
    await using stream = followBySse(tandem, CHANGES, variables, { ...headers, accept });
    await stream.next();
    const from = performance.now();
    await revoke(token);

    const errors = await stream.errors();
    await stream.ended();

    expect(performance.now() - from).toBeLessThan(1000);
    expect(errors.map(({ extensions }) => extensions)).toEqual([{ code: 'UNAUTHENTICATED' }]);
    expect((await ask(tandem, '{ __typename }', { headers })).status).toBe(401);
  },
);

test('a subscription for who takes no stream of events is refused with words', async () => {
  const headers = { accept: 'multipart/mixed' };

  const refused = await ask(tandem, CHANGES, { headers });

  expect([refused.status, refused.code]).toEqual([406, 'BAD_INPUT']);
  expect(refused.errors[0]?.message).toContain('text/event-stream');
});

test('a stream of events whose client does not read is cut off when its token is revoked', async () => {
  const token = await throwAwayToken();
  const body = JSON.stringify({ query: CHANGES, variables: { filter: FILTER } });
  using client = await rawConnection(
    tandem.port,
    `POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nAccept: text/event-stream\r\n` +
      `Authorization: Bearer ${token}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  await once(client.socket, 'data');
  client.socket.pause();
  // More than lies between two ends of a connection.
  for (let step = 0; step < 200; step += 1) await attach({ step, padding: 'x'.repeat(60_000) });
  const from = performance.now();
  await revoke(token);

  // Whoever does not read learns by writing alone that the other end is gone.
  const writing = setInterval(() => client.socket.write('\r\n'), 20);
  await client.rest;
  clearInterval(writing);

  // A second, and more for a slow machine: the looks and the grace take most of it.
  expect(performance.now() - from).toBeLessThan(1500);
});

test('Basic works on /graphql and on a socket as well as a token', async () => {
  const authorization = `Basic ${btoa('alice:demo')}`;

  const byHttp = await ask(tandem, '{ viewer { username } }', {
    as: null,
    headers: { authorization },
  });
  const wrong = await ask(tandem, '{ __typename }', {
    as: null,
    headers: { authorization: `Basic ${btoa('alice:wrong')}` },
  });

  expect(byHttp.data).toEqual({ viewer: { username: 'alice' } });
  expect([wrong.status, wrong.code]).toEqual([401, 'UNAUTHENTICATED']);
});

test.each([
  ['@skip', 'subscription { callChanges @skip(if: true) { __typename } }'],
  [
    '@include',
    'subscription ($x: Boolean!) { ...A @include(if: $x) } fragment A on Subscription { callChanges { __typename } }',
  ],
])('a subscription whose field has %s is refused by itself', async (_, query) => {
  const variables = { x: true };
  await using stream = follow(tandem, query, { variables });
  await using bySse = followBySse(tandem, query, variables);

  const refusals = [await stream.errors(), await stream.again().errors(), await bySse.errors()];

  const refused = { extensions: { code: 'BAD_INPUT' }, message: expect.stringContaining('@skip') };
  expect(refusals).toMatchObject(Array(3).fill([refused]));
});

test('whoever sends too much before a log-in is closed with 1009, and standard error is silent', async () => {
  using printed = vi.spyOn(console, 'error');

  const close = await closeOf(tandem, { padding: 'x'.repeat(2_000_000) });

  expect(close.code).toBe(1009);
  expect(printed).not.toHaveBeenCalled();
});

test('whoever offers the socket nonsense loses it, and nobody else does', async () => {
  await using stream = bySocket({ filter: FILTER });
  await stream.next();

  const close = await closeOf(tandem, bearer('alice'), ['nonsense', '{"type":"subscribe"}']);

  expect(close.code).toBe(4400);
  await attach({ after: 'nonsense' });
  expect(messageOf(await stream.next()).call?.userData).toMatchObject({ after: 'nonsense' });
});
