import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestTandem } from '../../support/tandem.ts';
import {
  askForToken,
  asking,
  BACK,
  CRM,
  cookieOf,
  fillIn,
  freshCode,
  landing,
  openPage,
  STATE,
  send,
  startOauth,
  submit,
} from './lab.ts';

let tandem: TestTandem;
beforeAll(async () => {
  tandem = await startOauth({ AUTH_FAILURE_LIMIT: '5' });
});
afterAll(() => tandem?.[Symbol.asyncDispose]());

test('the page names the app, runs nothing and stands in no frame', async () => {
  const page = await openPage(tandem, asking());

  expect(page.status).toBe(200);
  expect(page.headers.get('x-frame-options')).toBe('DENY');
  const policy = page.headers.get('content-security-policy');
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).toContain("form-action 'self' https://crm.example;");
  expect(page.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Strict$/);
  expect(await page.text()).toContain('Example CRM');
});

test('the page can be asked for by POST, too', async () => {
  const page = await send(tandem, asking(), {});

  expect(page.status).toBe(200);
  expect(await page.text()).toContain('name="password"');
});

test('what an app sends is shown as text', async () => {
  const state = `"><script>alert('${STATE}')</script>`;

  const page = await openPage(tandem, asking({ state }));

  expect(await page.text()).toContain('&quot;&gt;&lt;script&gt;');
});

test.each([
  ['an unknown app', { client_id: 'nobody' }],
  ['another address', { redirect_uri: 'https://evil.example/back' }],
  ['a longer address', { redirect_uri: `${BACK}&more=1` }],
  ['another app’s address', { redirect_uri: 'https://other.example/' }],
  ['no address', { redirect_uri: '' }],
  ['a malformed app', { client_id: 'a\0' }],
])('nobody is sent anywhere for %s', async (_, wrong) => {
  const page = await openPage(tandem, asking(wrong));

  expect(page.status).toBe(400);
  expect(page.headers.get('location')).toBeNull();
  expect(page.headers.get('content-type')).toContain('text/html');
});

test.each([
  ['another response type', { response_type: 'token' }, 'unsupported_response_type'],
  ['a short state', { state: 'short' }, 'invalid_request'],
  [
    'a plain challenge',
    { code_challenge: 'v'.repeat(43), code_challenge_method: 'plain' },
    'invalid_request',
  ],
  ['a scope that is none', { scope: 'read bogus' }, 'invalid_scope'],
])('the app is told of %s', async (_, wrong, error) => {
  const answer = await openPage(tandem, asking(wrong));

  expect(answer.status).toBe(302);
  expect(landing(answer)).toMatchObject({
    at: 'https://crm.example/back',
    told: { error, from: 'tandem' },
  });
});

test('whoever allows it is sent back with a code, and the audit log says so', async () => {
  const answer = await submit(tandem, asking(), {});

  expect(answer.status).toBe(302);
  const { at, told } = landing(answer);
  expect(at).toBe('https://crm.example/back');
  expect(told).toEqual({
    from: 'tandem',
    state: STATE,
    code: expect.stringMatching(/^[\w-]{43}$/),
  });
  const entries = await tandem.database.rows(
    sql`select from audit_entries where operation = 'authorizeApp' and result = 'OK' and dialect = 'oauth'`,
  );
  expect(entries.length).toBe(1);
});

test('the app is told of a parameter that came twice', async () => {
  const twice = `${new URLSearchParams(asking())}&scope=READ&scope=CONTROL`;

  const answer = await fetch(`${tandem.url}/oauth/authorize.php?${twice}`, { redirect: 'manual' });

  expect(landing(answer).told).toMatchObject({ error: 'invalid_request', state: STATE });
});

test('the page names the scopes that are asked for, and no others', async () => {
  const page = await openPage(tandem, asking({ scope: 'READ' }));

  const text = await page.text();
  expect(text).toContain('wants to see your calls, for you.');
  expect(text).toContain('name="scope" value="READ"');
});

test('the token of a code has the scopes that were asked for', async () => {
  const code = await freshCode(tandem, { scope: 'read control' });

  const { status, body } = await askForToken(tandem, {
    ...{ grant_type: 'authorization_code', code, redirect_uri: BACK, ...CRM },
  });

  expect(status).toBe(200);
  expect(body.scope).toBe('READ CONTROL');
});

test('whoever denies it is sent back without one', async () => {
  const answer = await submit(tandem, asking(), { decision: 'deny', username: '', password: '' });

  expect(landing(answer).told).toEqual({ from: 'tandem', state: STATE, error: 'access_denied' });
});

test('a form that another site has made is refused, with the right password, too', async () => {
  const right = { username: 'alice', password: 'demo', decision: 'allow' };

  const answers = [
    await send(tandem, { ...asking(), ...right, seal: 'x' }, {}),
    await send(tandem, { ...asking(), ...right, seal: 'x' }, { cookie: 'tandem-consent=y' }),
    await send(tandem, { ...asking(), ...right, seal: '' }, { cookie: 'tandem-consent=' }),
    await send(
      tandem,
      { ...asking(), ...right, seal: 'x' },
      { cookie: 'tandem-consent=x', 'sec-fetch-site': 'cross-site' },
    ),
  ];

  expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
});

test('another organization’s user is none here', async () => {
  const answer = await submit(tandem, asking(), { username: 'bob' });

  expect(answer.status).toBe(401);
  expect(answer.headers.get('location')).toBeNull();
});

test('two pages that are open at once are both good', async () => {
  const first = await openPage(tandem, asking());
  const cookie = cookieOf(first);
  const second = await openPage(tandem, asking(), { cookie });

  const answers = [
    await fillIn(tandem, first, { cookie: cookieOf(second) }),
    await fillIn(tandem, second, { cookie: cookieOf(second) }),
  ];

  expect(answers.map(({ status }) => status)).toEqual([302, 302]);
});

test('a cookie that is none of ours becomes no seal', async () => {
  const page = await openPage(tandem, asking(), { cookie: 'tandem-consent=x' });

  expect(cookieOf(page)).toMatch(/^tandem-consent=[\w-]{43}$/);
});

test('the user name stays where the password was wrong, as text', async () => {
  const answer = await submit(tandem, asking(), { username: 'al"ice', password: 'wrong' });

  expect(answer.status).toBe(401);
  expect(await answer.text()).toContain('value="al&quot;ice"');
});

test('wrong passwords are counted, and then not even the right one is tried', async () => {
  for (let n = 0; n < 5; n += 1) await submit(tandem, asking(), { password: 'wrong' });

  const answer = await submit(tandem, asking(), {});

  expect(answer.status).toBe(429);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
});
