import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTandem, type TestTandem } from '../support/tandem.ts';

const PROXIED = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'pbx.example' };
const BEARER = { authorization: 'Bearer demo-alice-token' };
const BASIC = { authorization: `Basic ${btoa('alice:demo')}` };
const VERBA = new URLSearchParams({
  ...{ action: 'GetCallURL', apiKey: '74c8eea0-50c6-40b2-9f3e-252ed501c3c8' },
  token: '09835e02-6c10-11e0-bb22-ba324924019b',
  callID: 'a8343631-9f35-4a3a-83f0-9e81592339fb',
});
const OAUTH = new URLSearchParams({
  ...{ response_type: 'code', client_id: 'demo-crm', state: '0123456789abcdef' },
  redirect_uri: 'https://crm.example/back?from=tandem',
});

/** Requests whose answers have URLs of this server in them, and what those begin with. */
const LINKED: [string, string, Record<string, string>, string][] = [
  ['VoipNow', '/uapi/phoneCalls/@me/@self', BEARER, '/uapi/phoneCalls/'],
  ['VoipNow’s OpenAPI', '/uapi/openapi.json', {}, '/uapi'],
  ['Genesys', '/api/v2/me/devices', BASIC, '/api/v2/'],
  ['Genesys’ OpenAPI', '/api/v2/openapi.json', {}, '/api/v2'],
  ['Verba', `/verba/api?${VERBA}`, {}, '/graphql'],
];

let trusting: TestTandem;
let other: TestTandem;
beforeAll(async () => {
  trusting = await startTandem({ demo: true, settings: { TRUSTED_PROXIES: '127.0.0.1' } });
  other = await startTandem({ demo: true });
});
afterAll(async () => {
  await trusting?.[Symbol.asyncDispose]();
  await other?.[Symbol.asyncDispose]();
});

const ask = ({ url }: TestTandem, path: string, headers: Record<string, string>) =>
  fetch(`${url}${path}`, { headers: { ...headers, ...PROXIED } });

test.each(LINKED)('links of %s lead back through a trusted proxy', async (_, path, headers, to) => {
  const text = await (await ask(trusting, path, headers)).text();

  expect(text).toContain(`https://pbx.example${to}`);
  expect(text).not.toContain(trusting.url);
});

test.each(LINKED)('links of %s do not follow what anybody says', async (_, path, headers, to) => {
  const text = await (await ask(other, path, headers)).text();

  expect(text).toContain(`${other.url}${to}`);
  expect(text).not.toContain('pbx.example');
});

test.each([
  ['a session of Genesys', '/api/v2/me', BASIC],
  ['a consent', `/oauth/authorize.php?${OAUTH}`, {}],
])(
  'the cookie of %s is secure behind TLS that a trusted proxy takes off',
  async (_, path, headers) => {
    const answers = [await ask(trusting, path, headers), await ask(other, path, headers)];

    const cookies = answers.map((answer) => answer.headers.get('set-cookie') ?? '');
    expect(cookies.map((cookie) => /; Secure/.test(cookie))).toEqual([true, false]);
    expect(cookies.map((cookie) => /HttpOnly/.test(cookie))).toEqual([true, true]);
  },
);
