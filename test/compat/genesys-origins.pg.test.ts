import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTandem, type TestTandem } from '../support/tandem.ts';

const DESK = 'https://desk.example';
const BASIC = { authorization: `Basic ${btoa('alice:demo')}` };
const HANDSHAKE = '[{"channel":"/meta/handshake","version":"1.0"}]';

let open: TestTandem;
let closed: TestTandem;

beforeAll(async () => {
  open = await startTandem({ demo: true, settings: { GWS_CORS_ORIGINS: `${DESK},http://b:81` } });
  closed = await startTandem({ demo: true });
});
afterAll(async () => {
  await open[Symbol.asyncDispose]();
  await closed[Symbol.asyncDispose]();
});

interface Asking {
  readonly path?: string;
  readonly method?: string;
  readonly origin?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** As a browser asks that shows a page of an origin. */
function ask({ url }: TestTandem, { path = '/me', origin = DESK, ...rest }: Asking) {
  const { method = 'GET', headers = BASIC, body } = rest;
  return fetch(`${url}/api/v2${path}`, {
    method,
    headers: { ...headers, origin },
    ...(body && { body }),
  });
}

const preflight = { method: 'OPTIONS', headers: { 'access-control-request-method': 'POST' } };

const corsOf = ({ headers }: Response) =>
  [...headers].filter(([name]) => name.startsWith('access-control-'));

test('a browser learns without a log-in what a page of the origin may send', async () => {
  const answer = await ask(open, { path: '/me/calls/1', ...preflight });

  expect(answer.status).toBe(204);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'access-control-allow-origin': DESK,
    'access-control-allow-credentials': 'true',
    'access-control-allow-methods': 'GET,POST,PUT,DELETE',
    'access-control-allow-headers': expect.stringMatching(/Content-Type.*authorization.*X-CSRF/),
    vary: 'Origin',
  });
});

test.each([
  ['an answer', { path: '/me' }, 200],
  ['a refusal', { path: '/me', headers: {} }, 403],
  ['a handshake', { path: '/notifications', method: 'POST', body: HANDSHAKE }, 200],
])('%s can be read by a page of the origin', async (_name, asking, status) => {
  const answer = await ask(open, asking);

  expect(answer.status).toBe(status);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'access-control-allow-origin': DESK,
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': expect.stringContaining('X-CSRF-HEADER,X-CSRF-TOKEN'),
    vary: 'Origin',
  });
});

test.each(['https://evil.example', 'https://desk.example.evil', 'http://desk.example', 'null'])(
  'a page of another origin reads nothing and does nothing: %s',
  async (origin) => {
    const body = '{"operationName":"StartContactCenterSession"}';

    const answers = [
      await ask(open, { origin }),
      await ask(open, { origin, ...preflight }),
      await ask(open, { origin, method: 'POST', body }),
      await ask(open, { origin, path: '/notifications', method: 'POST', body: HANDSHAKE }),
    ];

    expect(answers.flatMap(corsOf)).toEqual([]);
    expect(answers.map(({ status }) => status)).toEqual([200, 403, 403, 403]);
    expect(await answers[2]?.json()).toMatchObject({ statusCode: 5 });
  },
);

test('a page of this very server does what it always could', async () => {
  const answer = await ask(open, {
    ...{ origin: open.url.replace('http:', 'https:'), path: '/notifications' },
    ...{ method: 'POST', body: HANDSHAKE },
  });

  expect(await answer.json()).toMatchObject([{ successful: true }]);
});

test('cookies reach no script element where pages of others send them along', async () => {
  const query = new URLSearchParams({ message: HANDSHAKE, jsonp: 'steal' });

  const script = await ask(open, { path: `/notifications?${query}` });

  expect(script.status).toBe(404);
  const handshake = await ask(open, { path: '/notifications', method: 'POST', body: HANDSHAKE });
  expect(await handshake.json()).toMatchObject([{ supportedConnectionTypes: ['long-polling'] }]);
});

test('without the setting no page of another origin is let in', async () => {
  const answers = [await ask(closed, {}), await ask(closed, preflight)];

  expect(answers.flatMap(corsOf)).toEqual([]);
  expect(answers.map(({ status }) => status)).toEqual([200, 403]);
});

/** What a browser sends along by itself once its user has logged in. */
async function cookieOf(tandem: TestTandem) {
  const answer = await fetch(`${tandem.url}/api/v2/me`, { headers: BASIC });
  return { cookie: answer.headers.getSetCookie()[0]?.split(';')[0] ?? '' };
}

test.each([DESK, 'null'])(
  'without the setting a page of another origin does nothing by a cookie: %s',
  async (origin) => {
    const headers = { ...(await cookieOf(closed)), 'content-type': 'text/plain' };
    const body = '{"operationName":"StartContactCenterSession"}';

    const answers = [
      await ask(closed, { headers, origin, method: 'POST', body }),
      await ask(closed, {
        headers,
        origin,
        path: '/notifications',
        method: 'POST',
        body: HANDSHAKE,
      }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([403, 403]);
    expect(await answers[0]?.json()).toMatchObject({ statusCode: 5 });
  },
);

test('without the setting a page of this very server works by its cookie', async () => {
  const body = '{"operationName":"StartContactCenterSession"}';
  const asking = { headers: await cookieOf(closed), origin: closed.url, method: 'POST', body };

  const answer = await ask(closed, asking);

  expect(await answer.json()).toEqual({ statusCode: 0 });
});

test.each(['same-site', 'cross-site'])(
  'a script element on a page of another origin is told of no calls: %s',
  async (site) => {
    const query = new URLSearchParams({ message: HANDSHAKE, jsonp: 'steal' });
    const headers = { ...(await cookieOf(closed)), 'sec-fetch-site': site, referer: `${DESK}/` };

    const script = await fetch(`${closed.url}/api/v2/notifications?${query}`, { headers });

    expect(script.status).toBe(403);
    expect(await script.json()).toMatchObject({ statusCode: 5 });
  },
);
