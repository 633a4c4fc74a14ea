import { afterAll, beforeAll, expect, test } from 'vitest';
import { csrfTokenOf } from '../../src/compat/genesys/csrf-token.ts';
import { startTandem, type TestTandem } from '../support/tandem.ts';

const CALL = '/me/calls/01RCC3N118B1V0SL807GK2LAES00000R';
const BASIC = { authorization: `Basic ${btoa('alice:demo')}` };

let tandem: TestTandem;
let guarded: TestTandem;

beforeAll(async () => {
  tandem = await startTandem({ demo: true });
  guarded = await startTandem({ demo: true, settings: { GWS_CSRF: 'true' } });
});
afterAll(async () => {
  await tandem[Symbol.asyncDispose]();
  await guarded[Symbol.asyncDispose]();
});

const get = (path: string, headers: Record<string, string>, { url } = tandem) =>
  fetch(`${url}/api/v2${path}`, { headers });

/** The header against forgery that goes with a session, as anybody can tell who knows it. */
async function guardOf(cookie: string): Promise<Record<string, string>> {
  const first = await get('/me', { cookie }, guarded);
  return { cookie, 'X-CSRF-TOKEN': first.headers.get('x-csrf-token') ?? '' };
}

const DELETE = '{"operationName":"DeleteUserDataPair","key":"none"}';
const HANDSHAKE = '[{"channel":"/meta/handshake","version":"1.0"}]';

const post = (
  path: string,
  headers: Record<string, string>,
  { url } = tandem,
  body: string = DELETE,
) =>
  fetch(`${url}/api/v2${path}`, {
    method: 'POST',
    headers,
    body,
  });

const cookieOf = (response: Response) => response.headers.getSetCookie()[0]?.split(';')[0] ?? '';

test('a session is opened by a password, and is enough from then on', async () => {
  const cookie = cookieOf(await get('/me', BASIC));

  const answer = await get('/me?fields=userName', { cookie });

  expect(cookie).toMatch(/^JSESSIONID=\w{32}$/);
  expect(await answer.json()).toEqual({ statusCode: 0, user: { userName: 'alice' } });
  expect(answer.headers.getSetCookie()).toEqual([]);
});

test('who keeps no cookies gets the same session again', async () => {
  const first = cookieOf(await get('/me', BASIC));

  const second = cookieOf(await get('/me/calls', BASIC));

  expect(second).toBe(first);
});

test('a password gets its own session in spite of a cookie that names another', async () => {
  const own = cookieOf(await get('/me', BASIC));

  const given = cookieOf(await get('/me', { ...BASIC, cookie: 'JSESSIONID=stale' }));

  expect(given).toBe(own);
});

/** A session, revoked elsewhere: none of its own requests has been refused yet. */
async function revokedSession(): Promise<string> {
  const ended = cookieOf(await get('/me', BASIC));
  await revoke(ended);
  return ended;
}

function revoke(ended: string, { url } = tandem) {
  return fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${ended.replace('JSESSIONID=', '')}`,
    },
    body: '{"query":"mutation { revokeToken(input: {}) { clientMutationId } }"}',
  });
}

test.each([
  ['comes along', true],
  ['was not kept', false],
])('a right password gets a new session when the ended one %s', async (_name, isSent) => {
  const ended = await revokedSession();

  const cookie = cookieOf(await get('/me', { ...BASIC, ...(isSent && { cookie: ended }) }));

  expect(cookie).toMatch(/^JSESSIONID=\w{32}$/);
  expect(cookie).not.toBe(ended);
  expect((await get('/me', { cookie })).status).toBe(200);
  expect((await get('/me', { cookie: ended })).status).toBe(403);
});

test('a wrong password is refused in spite of a session that lives', async () => {
  const cookie = cookieOf(await get('/me', BASIC));

  const answer = await get('/me', { authorization: `Basic ${btoa('alice:wrong')}`, cookie });

  expect(answer.status).toBe(403);
  expect(await answer.json()).toEqual({ statusCode: 20, statusMessage: 'Access denied' });
});

test('a wrong password opens none', async () => {
  const answer = await get('/me', { authorization: `Basic ${btoa('alice:wrong')}` });

  expect(answer.status).toBe(403);
  expect(answer.headers.getSetCookie()).toEqual([]);
});

test('a token against forgery is given by a GET, and asked for by everything else', async () => {
  const first = await get('/me', BASIC, guarded);
  const cookie = cookieOf(first);
  const name = first.headers.get('x-csrf-header') ?? '';
  const token = first.headers.get('x-csrf-token') ?? '';

  const done = await post(CALL, { cookie, [name]: token }, guarded);

  expect(name).toBe('X-CSRF-TOKEN');
  expect(token).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(await done.json()).toEqual({ statusCode: 0 });
});

test.each([
  ['without a token', {}],
  ['with another one', { 'X-CSRF-TOKEN': 'f0f0f0f0-0000-4000-8000-000000000000' }],
  ['without a session', BASIC],
])('a request %s is refused as forged', async (_name, headers) => {
  const cookie = cookieOf(await get('/me', BASIC, guarded));
  const own: Record<string, string> = 'authorization' in headers ? {} : { cookie };

  const answer = await post(CALL, { ...own, ...headers }, guarded);

  expect(answer.status).toBe(403);
  expect(await answer.text()).toBe('Missing or invalid Csrf token');
});

test('a password with its own session and token is let in when another of its clients has ended that', async () => {
  const ended = await guardOf(cookieOf(await get('/me', BASIC, guarded)));
  await revoke(ended['cookie'] ?? '', guarded);

  const answer = await post(CALL, { ...BASIC, ...ended }, guarded);

  expect(answer.status).toBe(200);
});

test('a password keeps the session that its client has, whoever gave it', async () => {
  const issued = await fetch(`${tandem.url}/graphql`, {
    method: 'POST',
    headers: { ...BASIC, 'content-type': 'application/json' },
    body: '{"query":"mutation { issueToken(input: { hours: 1 }) { token } }"}',
  });
  const { data } = (await issued.json()) as { data: { issueToken: { token: string } } };
  const cookie = `JSESSIONID=${data.issueToken.token}`;

  const answer = await get('/me', { ...BASIC, cookie });

  expect(answer.headers.getSetCookie()).toEqual([]);
});

test('of several sessions the one counts that the token goes with', async () => {
  const own = await guardOf(cookieOf(await get('/me', BASIC, guarded)));
  const cookie = `JSESSIONID=planted; ${own['cookie']}`;

  const answer = await post(CALL, { ...BASIC, ...own, cookie }, guarded);

  expect(answer.status).toBe(200);
});

test('a password with a session that never was one is refused as forged', async () => {
  const planted = { cookie: 'JSESSIONID=planted', 'X-CSRF-TOKEN': csrfTokenOf('planted') };

  const answer = await post(CALL, { ...BASIC, ...planted }, guarded);

  expect(answer.status).toBe(403);
  expect(await answer.text()).toBe('Missing or invalid Csrf token');
});

test.each([
  ['/notifications', HANDSHAKE],
  [CALL, DELETE],
])(
  'a password with the session and token of somebody else is refused as forged at %s',
  async (path, body) => {
    const bobs = { authorization: `Basic ${btoa('bob:demo')}` };
    const other = await guardOf(cookieOf(await get('/me', bobs, guarded)));

    const answer = await post(path, { ...BASIC, ...other }, guarded, body);

    expect(answer.status).toBe(403);
    expect(await answer.text()).toBe('Missing or invalid Csrf token');
  },
);

test.each([
  ['with its token', true, 200],
  ['without a token', false, 403],
])('a handshake for notifications %s', async (_name, isGiven, status) => {
  const first = await get('/me', BASIC, guarded);
  const token = isGiven ? { 'X-CSRF-TOKEN': first.headers.get('x-csrf-token') ?? '' } : {};

  const answer = await fetch(`${guarded.url}/api/v2/notifications`, {
    method: 'POST',
    headers: { cookie: cookieOf(first), ...token },
    body: HANDSHAKE,
  });

  expect(answer.status).toBe(status);
});

test.each([
  ['/notifications', HANDSHAKE],
  [CALL, DELETE],
])('who comes with a Bearer needs neither session nor token at %s', async (path, body) => {
  const bearer = { authorization: 'Bearer demo-alice-token' };

  const answer = await post(path, bearer, guarded, body);

  expect(answer.status).toBe(200);
});

test('what is no token after all gets no further without one against forgery', async () => {
  const answer = await post(CALL, { authorization: 'Bearer' }, guarded);

  expect(await answer.text()).toBe('Missing or invalid Csrf token');
});

test('a script element gets no notifications where forgery is guarded against', async () => {
  const cookie = cookieOf(await get('/me', BASIC, guarded));
  const query = new URLSearchParams({ message: HANDSHAKE, jsonp: 'steal' });

  const answer = await get(`/notifications?${query}`, { cookie }, guarded);

  expect(answer.status).toBe(403);
});
