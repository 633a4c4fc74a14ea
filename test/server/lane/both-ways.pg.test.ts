import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { auditServer } from 'graphql-http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BothWays, startBothWays, tokenOf } from './both-ways.ts';

let both: BothWays;
beforeAll(async () => {
  both = await startBothWays({
    ...{ RATE_LIMIT: '1000000', AUTH_FAILURE_LIMIT: '1000000', MAX_PAGE_SIZE: '20' },
    ...{
      MAX_COST: '2000',
      MAX_BODY_BYTES: '8192',
      CORS_ORIGINS: 'https://a.example,https://b.example',
    },
  });
});
afterAll(() => both[Symbol.asyncDispose]());

const PAGE = `query Page($n: Int = 3, $with: Boolean = true, $states: [CallState!]) {
  calls(first: $n, filter: { states: $states }) { totalCount nodes { id state userData @include(if: $with)
    participants { number extension { number label owner { username } } } } pageInfo { endCursor } } }`;
const HASH = createHash('sha256').update(PAGE).digest('hex');

const DOCUMENTS = [
  PAGE,
  '{ viewer { username scopes extensions { nodes { number } } } }',
  'query A { viewer { username } } query B($n: Int) { calls(last: $n) { nodes { id } } }',
  'query ($number: String!) { extension(number: $number) { label calls { edges { cursor node { dnis } } } } }',
  'query ($id: ID) { call(id: $id) { state } }',
  '{ calls(first: 20) { nodes { participants { extension { calls(first: 20) { nodes { id } } } } } } }',
  'mutation ($id: ID) { deleteUserData(input: { callId: $id }) { call { userData } } }',
  '{ __typename }',
  '{ nothing }',
  '{ viewer {',
  '',
];

/** Absent so often that most requests are right. */
const maybe = <T>(arbitrary: fc.Arbitrary<T>, weight = 1) =>
  fc.oneof({ weight, arbitrary }, { weight: 3, arbitrary: fc.constant(undefined) });
const value = fc.oneof(
  fc.constantFrom<unknown>(0, 1, 3, 20, 21, -1, 1.5, null, true, false, '0003*210', '210', 'x', ''),
  fc.constantFrom<unknown>(['ENDED'], 'ENDED', ['NOTHING'], {}, [], '\ud800', 'é😀'),
);

/** Nothing that ever was, or nearly right, or right. */
const params = fc.record({
  query: fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom<unknown>(...DOCUMENTS) },
    { weight: 1, arbitrary: maybe(value) },
  ),
  variables: fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ n: maybe(value), with: maybe(value), states: maybe(value) }),
    },
    { weight: 2, arbitrary: fc.record({ number: maybe(value), id: maybe(value) }) },
    { weight: 1, arbitrary: maybe(value) },
  ),
  operationName: maybe(fc.constantFrom<unknown>('A', 'B', 'Page', 'C', '', 3)),
  extensions: maybe(
    fc.constantFrom<unknown>(
      ...[
        {},
        [],
        'x',
        { persistedQuery: null },
        { persistedQuery: { version: 1, sha256Hash: HASH } },
      ],
      ...[{ persistedQuery: { version: 2, sha256Hash: HASH } }, { persistedQuery: { version: 1 } }],
    ),
  ),
});

const body = fc.oneof(
  { weight: 9, arbitrary: params.map((given) => JSON.stringify(given)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '',
      '{',
      'null',
      '[]',
      '1',
      '{"query":"{ __typename }","more":1}',
      '\xff',
    ),
  },
  { weight: 1, arbitrary: params.map((given) => `\ufeff${JSON.stringify(given)}`) },
);

/** One of these values now and then; so seldom that most requests have nothing unusual about them. */
const header = (weight: number, name: string, ...values: string[]) =>
  fc.oneof(
    { weight, arbitrary: fc.constantFrom(...values.map((one) => `${name}: ${one}\r\n`)) },
    { weight: 10, arbitrary: fc.constant('') },
  );

const usual = 'application/json';
const headers = fc.tuple(
  fc.constantFrom(
    ...Array(6).fill(`Authorization: Bearer ${tokenOf('alice')}\r\n`),
    ...['', `authorization: bearer ${tokenOf('olivia')}\r\n`, 'Authorization: Bearer wrong\r\n'],
    `Authorization: Bearer ${tokenOf('alice')}-narrow\r\n`,
    `Authorization: Bearer ${tokenOf('alice')}\r\nAuthorization: Bearer ${tokenOf('olivia')}\r\n`,
  ),
  fc.constantFrom(
    ...Array(6).fill(`Content-Type: ${usual}\r\n`),
    ...['', 'Content-Type: application/json; charset=utf-8\r\n', 'Content-Type: text/plain\r\n'],
    ...[
      'Content-Type: application/json;charset=latin1\r\n',
      'Content-Type: application/graphql\r\n',
    ],
  ),
  header(
    10,
    'Accept',
    '*/*',
    usual,
    `application/graphql-response+json, ${usual};q=0.9`,
    'text/html',
    `${usual}, text/plain, */*`,
    'application/*',
    `text/event-stream, ${usual}`,
    `${usual}; charset=utf-8`,
    `${usual};charset=latin1`,
  ),
  header(10, 'Origin', 'https://a.example', 'https://evil.example', 'null'),
  header(1, 'Access-Control-Request-Headers', 'x-more'),
  header(1, 'Content-Encoding', 'identity', 'gzip'),
);

const request = fc
  .record({
    method: fc.constantFrom(...Array(12).fill('POST'), 'PUT', 'OPTIONS', 'DELETE'),
    target: fc.constantFrom(...Array(9).fill('/graphql'), '/graphql?x=1', '/graphql/', '/GRAPHQL'),
    host: fc.constantFrom(
      ...Array(9).fill('a.example'),
      '127.0.0.1:4000',
      '256.256.256.256',
      'a b',
    ),
    headers,
    body,
  })
  .map(({ method, target, host, headers: given, body: text }) => {
    const length = `Content-Length: ${Buffer.byteLength(text)}\r\n`;
    const head = `Host: ${host}\r\nX-Request-Id: same\r\nConnection: close\r\n${given.join('')}${length}`;
    return `${method} ${target} HTTP/1.1\r\n${head}\r\n${text}`;
  });

test('whatever is asked, the lane and Yoga answer the same to the byte', {
  timeout: 120_000,
}, async () => {
  const property = fc.asyncProperty(request, async (text) => {
    const [lane, yoga] = await both.exchange(text);

    expect(lane).toBe(yoga);
  });

  await fc.assert(property, { numRuns: 1000, endOnFailure: true, interruptAfterTimeLimit: 60_000 });
});

const post = (query: string, token = tokenOf('alice'), more = {}, also = '') => {
  const text = JSON.stringify({ query, ...more });
  const head = `Host: a\r\nX-Request-Id: same\r\nConnection: close\r\nAuthorization: Bearer ${token}\r\n${also}`;
  return `POST /graphql HTTP/1.1\r\n${head}Content-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n${text}`;
};

test.each([
  ['a page', post(PAGE), '200 OK'],
  [
    'a page that costs too much',
    post(PAGE, undefined, { variables: { n: 21 } }),
    'QUERY_TOO_COMPLEX',
  ],
  ['a token that may not read', post(PAGE, `${tokenOf('alice')}-narrow`), 'FORBIDDEN'],
  ['nobody', post(PAGE, 'wrong'), '401 Unauthorized'],
  [
    'a page of an origin that is allowed',
    post(PAGE, undefined, {}, 'Origin: https://a.example\r\n'),
    'Access-Control-Allow-Origin: https://a.example',
  ],
  [
    'a client that prefers GraphQL’s own type',
    post(
      PAGE,
      undefined,
      {},
      'Accept: application/graphql-response+json, application/json;q=0.9\r\n',
    ),
    'Content-Type: application/graphql-response+json',
  ],
])('%s is answered in both ways', async (_, text, expected) => {
  const [lane, yoga] = await both.exchange(text);

  expect(lane).toBe(yoga);
  expect(lane).toContain(expected);
});

test('what was refused by an operation has not been tried twice', async () => {
  const query =
    'mutation Twice { deleteUserData(input: { callId: "00000000-0000-0000-0000-000000000000" }) { call { id } } }';
  const count = () =>
    both.database.rows<{ count: number }>(sql`select count(*)::int as count from audit_entries`);
  const [before] = await count();

  const [lane] = await both.exchange(post(query));

  const [after] = await count();
  expect(lane).toContain('CALL_NOT_FOUND');
  // Twice by each of the two.
  expect((after?.count ?? 0) - (before?.count ?? 0)).toBe(4);
});

test('every audit of GraphQL over HTTP passes in the lane, and without it', async () => {
  const fetchFn = (url: string, init: RequestInit = {}) =>
    fetch(url, {
      ...init,
      headers: { authorization: `Bearer ${tokenOf('alice')}`, ...init.headers },
    });
  const [lane, yoga] = both.urls;
  // The first time makes its documents known.
  await auditServer({ url: `${lane}/graphql`, fetchFn });

  const results = [
    ...(await auditServer({ url: `${lane}/graphql`, fetchFn })),
    ...(await auditServer({ url: `${yoga}/graphql`, fetchFn })),
  ];

  const failed = results.filter(({ status }) => status !== 'ok').map(({ name }) => name);
  expect(failed).toEqual([]);
  expect(results).toHaveLength(2 * 61);
});
