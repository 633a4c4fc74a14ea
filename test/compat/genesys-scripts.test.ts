import { expect, test } from 'vitest';
import { shareWith } from '../../src/compat/genesys/origins.ts';

const PBX = 'http://pbx.example';
const COOKIE = { cookie: 'JSESSIONID=session' };
const EVIL = 'http://127.0.0.1:9999/';
const OWN = `${PBX}/desk/`;
const SCRIPT = `${PBX}/api/v2/notifications?jsonp=steal&message=%5B%5D`;
const basic = { authorization: 'Basic YWxpY2U6ZGVtbw==' };
const bearer = { authorization: 'Bearer token' };

const ask = (url: string, headers: Record<string, string>) =>
  shareWith([], async () => new Response())(new Request(url, { headers }), {});

test.each([
  ['of the same site', { ...COOKIE, 'sec-fetch-site': 'same-site', referer: EVIL }],
  ['of another site', { ...COOKIE, 'sec-fetch-site': 'cross-site', referer: EVIL }],
  ['that keeps its name to itself', { ...COOKIE, 'sec-fetch-site': 'cross-site' }],
  ['whose browser says no site', { ...COOKIE, referer: EVIL }],
  ['of which nothing is known', COOKIE],
  ['without a readable name', { ...COOKIE, referer: 'about:client' }],
  ['by a password that the browser keeps', { ...basic, referer: EVIL }],
  ['whose browser lets it choose an origin', { ...COOKIE, origin: EVIL.slice(0, -1) }],
])('a script element on a foreign page gets nothing: one %s', async (_name, headers) => {
  const response = await ask(SCRIPT, headers);

  expect(response?.status).toBe(403);
  expect(await response?.json()).toMatchObject({ statusCode: 5 });
});

test.each([
  ['a page of this host', { ...COOKIE, 'sec-fetch-site': 'same-origin' }],
  ['an address that somebody typed', { ...COOKIE, 'sec-fetch-site': 'none' }],
  ['a page of this host without TLS', { ...COOKIE, referer: OWN }],
  ['a client that is no browser', basic],
  ['whoever has a token', { ...bearer, referer: EVIL }],
])('callback-polling is for %s', async (_name, headers) => {
  const response = await ask(SCRIPT, headers);

  expect(response?.status).toBe(200);
});

test('what no script element can read is as it was', async () => {
  const response = await ask(`${PBX}/api/v2/me`, { ...COOKIE, referer: EVIL });

  expect(response?.status).toBe(200);
});
