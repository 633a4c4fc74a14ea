import { expect, test } from 'vitest';
import { ask, bearer } from '../support/ask.ts';
import { closeOf, follow } from '../support/follow.ts';
import { startTandem } from '../support/tandem.ts';

const LIVE = 'subscription { callChanges { __typename } }';

const deep = (levels: number) =>
  `{ extension(number: "8856") { ${'calls(first: 1) { nodes { participants { extension { '.repeat(levels)} number ${'} } } }'.repeat(levels)} } }`;

const DOCUMENTS = {
  levels: [{ MAX_DEPTH: '8' }, deep(2)],
  aliases: [{ MAX_ALIASES: '3' }, '{ a: __typename b: __typename c: __typename d: __typename }'],
  tokens: [{}, `{ viewer { ${'username '.repeat(15_000)} } }`],
  cost: [{ MAX_COST: '100' }, '{ calls(first: 60) { nodes { id state } } }'],
  'nodes a page': [{ MAX_PAGE_SIZE: '10' }, '{ calls(first: 11) { nodes { id } } }'],
  'levels for its parser': [{}, `{ ${'a { '.repeat(7000)} b ${'}'.repeat(7000)} }`],
  'lists in a literal': [
    {},
    `{ calls(first: ${'['.repeat(7000)}${']'.repeat(7000)}) { totalCount } }`,
  ],
  'inline fragments within each other': [{}, `{ ${'... {'.repeat(2400)} a ${'}'.repeat(2400)} }`],
  'objects in a literal': [
    {},
    `mutation { attachUserData(input: { callId: "a", userData: ${'{ a: '.repeat(2900)} 1 ${'}'.repeat(2900)} }) { call { id } } }`,
  ],
  'levels in fragments': [
    { MAX_DEPTH: '8' },
    `{ extension(number: "8856") { ...A } }
     fragment A on Extension { calls { nodes { ...B } } }
     fragment B on Call { participants { extension { calls { nodes { participants { number } } } } } }`,
  ],
} as const;

test.each(Object.entries(DOCUMENTS))(
  'a document with too many %s is refused on HTTP and on WebSocket',
  async (_, [settings, query]) => {
    await using tandem = await startTandem({ demo: true, settings });
    await using stream = follow(tandem, query);

    const byHttp = await ask(tandem, query);
    const bySocket = await stream.errors();

    expect([byHttp.code, byHttp.status]).toEqual(['QUERY_TOO_COMPLEX', 200]);
    expect(byHttp.data ?? null).toBeNull();
    expect(bySocket).toMatchObject([{ extensions: { code: 'QUERY_TOO_COMPLEX' } }]);
  },
);

test('as many variables as a page size needs count, too', async () => {
  await using tandem = await startTandem({ demo: true, settings: { MAX_PAGE_SIZE: '10' } });
  const query = 'query ($n: Int) { calls(first: $n) { nodes { id } } }';

  const { code } = await ask(tandem, query, { variables: { n: 11 } });

  expect(code).toBe('QUERY_TOO_COMPLEX');
});

test('too many requests of one principal are refused on HTTP and on WebSocket, with the time to wait', async () => {
  await using tandem = await startTandem({ demo: true, settings: { RATE_LIMIT: '3' } });
  await using stream = follow(tandem, '{ viewer { username } }');
  await stream.next();
  await ask(tandem, '{ __typename }');

  const refused = await ask(tandem, '{ __typename }');
  const onSocket = await stream.again().errors();
  const newSocket = await closeOf(tandem, { authorization: 'Bearer demo-alice-token' });
  const other = await ask(tandem, '{ __typename }', { as: 'bob' });

  expect([refused.status, refused.code]).toEqual([429, 'RATE_LIMITED']);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(onSocket).toMatchObject([
    { extensions: { code: 'RATE_LIMITED', retryAfter: expect.any(Number) } },
  ]);
  expect(newSocket).toMatchObject({
    code: 1013,
    reason: expect.stringMatching(/come back in \d+ s/),
  });
  expect(other.status).toBe(200);
});

test('wrong passwords are counted by address, and then even the right one is refused, but no token is', async () => {
  await using tandem = await startTandem({ demo: true, settings: { AUTH_FAILURE_LIMIT: '3' } });
  const guess = (authorization: string) =>
    ask(tandem, '{ __typename }', { headers: { authorization } });
  const guesses = [
    await guess(`Basic ${btoa('olivia:wrong')}`),
    await guess(`Basic ${btoa('alice:wrong')}`),
    await guess(`Basic ${btoa('nobody:demo')}`),
  ];

  const right = await guess(`Basic ${btoa('alice:demo')}`);
  const token = await guess('Bearer demo-alice-token');

  expect(token.status).toBe(200);
  expect(guesses.map(({ status }) => status)).toEqual([401, 401, 401]);
  expect(right.status).toBe(429);
  expect(Number(right.headers.get('retry-after'))).toBeGreaterThan(0);
});

test('right passwords at the same time are no guesses, however many they are', async () => {
  await using tandem = await startTandem({ demo: true, settings: { AUTH_FAILURE_LIMIT: '3' } });
  const headers = { authorization: `Basic ${btoa('alice:demo')}` };

  const answers = await Promise.all(
    Array.from({ length: 8 }, () => ask(tandem, '{ __typename }', { headers })),
  );

  expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
});

test('wrong passwords at the same time are no more guesses than one after the other', async () => {
  await using tandem = await startTandem({ demo: true, settings: { AUTH_FAILURE_LIMIT: '3' } });
  const guesses = Array.from({ length: 8 }, (_, n) => `Basic ${btoa(`alice:wrong${n}`)}`);

  const answers = await Promise.all(
    guesses.map((authorization) => ask(tandem, '{ __typename }', { headers: { authorization } })),
  );

  const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b);
  expect(statuses).toEqual([401, 401, 401, 429, 429, 429, 429, 429]);
});

test('wrong tokens and keys are counted by address, but a right one is let in', async () => {
  await using tandem = await startTandem({ demo: true, settings: { AUTH_FAILURE_LIMIT: '2' } });
  const guess = (authorization: string) =>
    ask(tandem, '{ __typename }', { headers: { authorization } });
  const wrong = [await guess('Bearer wrong'), await guess('Bearer a.b.c')];
  const verba = await fetch(`${tandem.url}/verba/api?action=DeleteCall&apiKey=wrong&callID=x`);

  const third = await guess('Bearer another');
  const right = [
    await guess('Bearer demo-alice-token'),
    await guess(`Basic ${btoa('alice:demo')}`),
  ];

  expect(wrong.map(({ status }) => status)).toEqual([401, 401]);
  expect(verba.headers.get('retry-after')).not.toBeNull();
  expect([third.status, third.code]).toEqual([429, 'RATE_LIMITED']);
  expect(right.map(({ status }) => status)).toEqual([200, 200]);
});

test('going without credentials is no guess', async () => {
  await using tandem = await startTandem({ demo: true, settings: { AUTH_FAILURE_LIMIT: '1' } });
  const answers = [];
  for (let n = 0; n < 3; n += 1) answers.push(await ask(tandem, '{ __typename }', { as: null }));

  const right = await ask(tandem, '{ __typename }');

  expect(answers.map(({ status, code }) => [status, code])).toEqual(
    Array(3).fill([401, 'UNAUTHENTICATED']),
  );
  expect(answers[0]?.headers.get('www-authenticate')).toBe('Bearer');
  expect(right.status).toBe(200);
});

test('when all connections are in use, whoever asks how it is has an answer', async () => {
  await using tandem = await startTandem({ demo: true, settings: { MAX_CONNECTIONS: '2' } });
  await using first = follow(tandem, LIVE);
  await using second = follow(tandem, LIVE);
  await Promise.all([first.next(), second.next()]);

  const ready = await fetch(`${tandem.url}/ready`);
  const asked = await ask(tandem, '{ viewer { username } }');
  const third = await closeOf(tandem, bearer('alice'));

  expect(ready.status).toBe(200);
  expect([asked.status, asked.code]).toEqual([503, 'UNAVAILABLE']);
  expect(third).toMatchObject({ code: 1013, reason: expect.stringContaining('MAX_CONNECTIONS') });
});

test('one user has so many streams at once, and others theirs', async () => {
  await using tandem = await startTandem({ demo: true, settings: { MAX_STREAMS_PER_USER: '1' } });
  await using first = follow(tandem, LIVE);
  await first.next();

  const second = await closeOf(tandem, bearer('alice'));
  const bySse = await fetch(`${tandem.url}/graphql`, {
    method: 'POST',
    headers: {
      ...bearer('alice'),
      'content-type': 'application/json',
      accept: 'text/event-stream',
    },
    body: JSON.stringify({ query: LIVE }),
  });
  await using others = follow(tandem, LIVE, { as: 'bob' });

  expect(second).toMatchObject({ code: 1013 });
  expect(await bySse.text()).toContain('RATE_LIMITED');
  expect(await others.next()).toBeDefined();
});
