import { expect, test } from 'vitest';
import { isForeignScript } from '../../src/compat/genesys/script-pages.ts';

const PBX = 'http://pbx.example';
const COOKIE = { cookie: 'JSESSIONID=session' };
const EVIL = 'http://127.0.0.1:9999/';
const OWN = `${PBX}/desk/`;
const SCRIPT = `${PBX}/api/v2/notifications?jsonp=steal&message=%5B%5D`;
const basic = { authorization: 'Basic YWxpY2U6ZGVtbw==' };
const bearer = { authorization: 'Bearer token' };

const asked = (url: string, headers: Record<string, string>) =>
  isForeignScript(new Request(url, { headers }));

test.each([
  ['of the same site', { ...COOKIE, 'sec-fetch-site': 'same-site', referer: EVIL }],
  ['of another site', { ...COOKIE, 'sec-fetch-site': 'cross-site', referer: EVIL }],
  ['that keeps its name to itself', { ...COOKIE, 'sec-fetch-site': 'cross-site' }],
  ['whose browser says no site', { ...COOKIE, referer: EVIL }],
  ['of which nothing is known', COOKIE],
  ['without a readable name', { ...COOKIE, referer: 'about:client' }],
  ['by a password that the browser keeps', { ...basic, referer: EVIL }],
  ['whose browser lets it choose an origin', { ...COOKIE, origin: EVIL.slice(0, -1) }],
])('a script element on a foreign page gets nothing: one %s', (_name, headers) => {
  const isForeign = asked(SCRIPT, headers);

  expect(isForeign).toBe(true);
});

test.each([
  ['a page of this host', { ...COOKIE, 'sec-fetch-site': 'same-origin' }],
  ['an address that somebody typed', { ...COOKIE, 'sec-fetch-site': 'none' }],
  ['a page of this host without TLS', { ...COOKIE, referer: OWN }],
  ['a client that is no browser', basic],
  ['whoever has a token', { ...bearer, referer: EVIL }],
])('callback-polling is for %s', (_name, headers) => {
  const isForeign = asked(SCRIPT, headers);

  expect(isForeign).toBe(false);
});

test('what no script element can read is as it was', () => {
  const isForeign = asked(`${PBX}/api/v2/me`, { ...COOKIE, referer: EVIL });

  expect(isForeign).toBe(false);
});
