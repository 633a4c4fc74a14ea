import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestTandem } from '../../support/tandem.ts';
import {
  askForToken,
  asking,
  BACK,
  CRM,
  freshCode,
  landing,
  OTHER,
  startOauth,
  statusWith,
  submit,
} from './lab.ts';

let tandem: TestTandem;
beforeAll(async () => {
  tandem = await startOauth();
});
afterAll(() => tandem?.[Symbol.asyncDispose]());

const OWN = { grant_type: 'client_credentials', ...CRM };
const ofCode = (code: string) => ({
  ...{ grant_type: 'authorization_code', code, redirect_uri: BACK, ...CRM },
});
const renewing = (refresh_token: string) => ({
  grant_type: 'refresh_token',
  refresh_token,
  ...CRM,
});

test('an app gets a token for its own user, which opens the legacy paths', async () => {
  const { status, headers, body } = await askForToken(tandem, OWN);

  expect(status).toBe(200);
  expect(headers.get('cache-control')).toBe('no-store');
  expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 3600 });
  expect(body.access_token).toMatch(/^[A-Za-z0-9_.-]{10,}$/);
  expect(body).not.toHaveProperty('refresh_token');
  expect(await statusWith(tandem, body.access_token)).toBe(200);
});

test.each([
  ['with a leading ampersand', { path: '/oauth/token.php' }],
  ['at the other path', { path: '/oauth/token' }],
  ['under another content type', { headers: { 'content-type': 'text/plain' } }],
])('a body made by hand is understood %s', async (_, options) => {
  const body = `&type=unifiedapi&state=0&redirect_uri=/ouath/token.php&grant_type=client_credentials&client_id=${CRM.client_id}&client_secret=${CRM.client_secret}`;

  const { status } = await askForToken(tandem, body, options);

  expect(status).toBe(200);
});

test('a form may come in parts, as PHP sends its arrays', async () => {
  const body = new FormData();
  for (const [name, value] of Object.entries(OWN)) body.append(name, value);

  const response = await fetch(`${tandem.url}/oauth/token.php`, { method: 'POST', body });

  expect(response.status).toBe(200);
  expect(await response.json()).toHaveProperty('access_token');
});

test.each([
  ['JSON', JSON.stringify(OWN), 'application/json'],
  ['parts that are none', 'x', 'multipart/form-data; boundary=y'],
  ['parts without a boundary', 'x', 'multipart/form-data'],
])('a body of %s is told to be no form', async (_, body, type) => {
  const { status, body: told } = await askForToken(tandem, body, {
    headers: { 'content-type': type },
  });

  expect(status).toBe(400);
  expect(told).toMatchObject({
    error: 'invalid_request',
    error_description: expect.stringContaining('must be a form'),
  });
});

test('the secret may come by Basic', async () => {
  const authorization = `Basic ${btoa(`${CRM.client_id}:${CRM.client_secret}`)}`;

  const { status } = await askForToken(
    tandem,
    { grant_type: 'client_credentials' },
    { headers: { authorization } },
  );

  expect(status).toBe(200);
});

test('a parameter that comes twice in parts is refused, too', async () => {
  const body = new FormData();
  for (const [name, value] of Object.entries(OWN)) body.append(name, value);
  body.append('grant_type', 'authorization_code');

  const response = await fetch(`${tandem.url}/oauth/token.php`, { method: 'POST', body });

  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: 'invalid_request' });
});

test('whoever sends a wrong secret by Basic is challenged', async () => {
  const authorization = `Basic ${btoa(`${CRM.client_id}:wrong`)}`;

  const { status, headers, body } = await askForToken(
    tandem,
    { grant_type: 'client_credentials' },
    { headers: { authorization } },
  );

  expect(status).toBe(401);
  expect(headers.get('www-authenticate')).toMatch(/^Basic realm=/);
  expect(body).toMatchObject({ error: 'invalid_client' });
});

test.each([
  ['a wrong secret', { ...OWN, client_secret: 'wrong' }, 'invalid_client'],
  ['an unknown app', { ...OWN, client_id: 'nobody' }, 'invalid_client'],
  ['no secret', { grant_type: 'client_credentials', client_id: 'demo-crm' }, 'invalid_client'],
  [
    'a verifier in the place of the secret',
    {
      ...{ grant_type: 'authorization_code', code: 'x', redirect_uri: BACK },
      ...{ client_id: CRM.client_id, code_verifier: 'v'.repeat(43) },
    },
    'invalid_client',
  ],
  ['an empty body', '', 'invalid_client'],
  ['no grant type', CRM, 'invalid_request'],
  [
    'a password',
    { ...OWN, grant_type: 'password', username: 'alice', password: 'demo' },
    'unsupported_grant_type',
  ],
  ['a grant that nobody has', { ...OWN, grant_type: 'telepathy' }, 'unsupported_grant_type'],
  ['a parameter twice', `${new URLSearchParams(OWN)}&type=a&type=b`, 'invalid_request'],
  ['an invented scope', { ...OWN, scope: 'EVERYTHING' }, 'invalid_scope'],
  ['a code that is none', ofCode('never-issued'), 'invalid_grant'],
  ['no code', { grant_type: 'authorization_code', ...CRM }, 'invalid_request'],
  [
    'a refresh token that is none',
    { grant_type: 'refresh_token', refresh_token: 'x', ...CRM },
    'invalid_grant',
  ],
  ['a NUL', { ...OWN, client_id: 'a\0' }, 'invalid_request'],
])('%s is refused in the words of OAuth', async (_, form, error) => {
  const { status, body } = await askForToken(tandem, form);

  expect(status).toBeGreaterThanOrEqual(400);
  expect(status).toBeLessThan(500);
  expect(body).toEqual({ error, error_description: expect.stringMatching(/\w/) });
});

test('a code becomes a token of the user who consented, and one that renews it', async () => {
  const code = await freshCode(tandem);

  const { status, body } = await askForToken(tandem, ofCode(code));

  expect(status).toBe(200);
  expect(body).toMatchObject({
    expires_in: 3600,
    refresh_token: expect.stringMatching(/^[\w-]{43}$/),
  });
  expect(await statusWith(tandem, body.access_token)).toBe(200);
});

test('a code that comes again ends what was given for it, and what has renewed that', async () => {
  const code = await freshCode(tandem);
  const { body: first } = await askForToken(tandem, ofCode(code));
  const { body: second } = await askForToken(tandem, renewing(first.refresh_token));
  const { body: other } = await askForToken(tandem, ofCode(await freshCode(tandem)));

  const again = await askForToken(tandem, ofCode(code));

  expect(again).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  for (const { access_token } of [first, second]) {
    await expect.poll(() => statusWith(tandem, access_token)).toBe(401);
  }
  expect((await askForToken(tandem, renewing(second.refresh_token))).status).toBe(400);
  expect(await statusWith(tandem, other.access_token)).toBe(200);
  const audited = await tandem.database.rows(
    sql`select from audit_entries where operation = 'revokeSpentCode' and cardinality(subjects) = 2`,
  );
  expect(audited).toHaveLength(1);
});

test('of many who come with one code at once, none is left with a token that works', async () => {
  const code = await freshCode(tandem);

  const answers = await Promise.all(
    Array.from({ length: 8 }, () => askForToken(tandem, ofCode(code))),
  );

  const given = answers.filter(({ status }) => status === 200);
  expect(given).toHaveLength(1);
  await expect.poll(() => statusWith(tandem, given[0]?.body.access_token)).toBe(401);
});

test('a spent code that another app brings ends nothing', async () => {
  const code = await freshCode(tandem);
  const { body } = await askForToken(tandem, ofCode(code));

  const stolen = await askForToken(tandem, { ...ofCode(code), ...OTHER });

  expect(stolen.body).toMatchObject({ error: 'invalid_grant' });
  expect(await statusWith(tandem, body.access_token)).toBe(200);
});

test('a code is no other app’s, and stays its own', async () => {
  const code = await freshCode(tandem);

  const stolen = await askForToken(tandem, { ...ofCode(code), ...OTHER });

  expect(stolen.body).toMatchObject({ error: 'invalid_grant' });
  expect((await askForToken(tandem, ofCode(code))).status).toBe(200);
});

test('a code is of no use with another address', async () => {
  const code = await freshCode(tandem);

  const { body } = await askForToken(tandem, {
    ...ofCode(code),
    redirect_uri: 'https://crm.example/back',
  });

  expect(body).toMatchObject({ error: 'invalid_request' });
});

test('a code has ten minutes', async () => {
  const code = await freshCode(tandem);
  const rows = await tandem.database.rows<{ left: number }>(
    sql`select extract(epoch from expires_at - now())::int as left from authorization_codes`,
  );
  await tandem.database.rows(
    sql`update authorization_codes set expires_at = now() - interval '1 s'`,
  );

  const { body } = await askForToken(tandem, ofCode(code));

  expect(body).toMatchObject({ error: 'invalid_grant' });
  expect(Math.max(...rows.map(({ left }) => left))).toBeGreaterThan(580);
  expect(Math.max(...rows.map(({ left }) => left))).toBeLessThanOrEqual(600);
});

test('a code that was asked for with a challenge needs its verifier', async () => {
  const verifier = 'v'.repeat(43);
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const pkce = { code_challenge: challenge, code_challenge_method: 'S256' };
  const [code, another] = [await freshCode(tandem, pkce), await freshCode(tandem, pkce)];

  const without = await askForToken(tandem, ofCode(code));

  expect(without.body).toMatchObject({ error: 'invalid_grant' });
  const answer = await askForToken(tandem, { ...ofCode(another), code_verifier: verifier });
  expect(answer.status).toBe(200);
});

test('a token is renewed once', async () => {
  const { body: first } = await askForToken(tandem, ofCode(await freshCode(tandem)));

  const { status, body } = await askForToken(tandem, renewing(first.refresh_token));

  expect(status).toBe(200);
  expect(await statusWith(tandem, body.access_token)).toBe(200);
  expect(body.refresh_token).not.toBe(first.refresh_token);
  const again = await askForToken(tandem, renewing(first.refresh_token));
  expect(again.body).toMatchObject({ error: 'invalid_grant' });
});

test('what renews a token ends all that came of its consent when it comes again', async () => {
  const { body: first } = await askForToken(tandem, ofCode(await freshCode(tandem)));
  const { body: second } = await askForToken(tandem, renewing(first.refresh_token));
  const { body: third } = await askForToken(tandem, renewing(second.refresh_token));
  const { body: other } = await askForToken(tandem, ofCode(await freshCode(tandem)));

  const again = await askForToken(tandem, renewing(first.refresh_token));

  expect(again).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  for (const { access_token } of [first, second, third]) {
    await expect.poll(() => statusWith(tandem, access_token)).toBe(401);
  }
  expect((await askForToken(tandem, renewing(third.refresh_token))).status).toBe(400);
  expect(await statusWith(tandem, other.access_token)).toBe(200);
  const audited = await tandem.database.rows(
    sql`select from audit_entries where operation = 'revokeSpentRenewal' and cardinality(subjects) = 3`,
  );
  expect(audited).toHaveLength(1);
});

test('what has renewed a token ends nothing when another app brings it', async () => {
  const { body: first } = await askForToken(tandem, ofCode(await freshCode(tandem)));
  const { body: second } = await askForToken(tandem, renewing(first.refresh_token));

  const stolen = await askForToken(tandem, { ...renewing(first.refresh_token), ...OTHER });

  expect(stolen.body).toMatchObject({ error: 'invalid_grant' });
  expect(await statusWith(tandem, second.access_token)).toBe(200);
});

test('a renewal with a scope that there is not leaves what renews, and one in small letters is understood', async () => {
  const { body: first } = await askForToken(tandem, ofCode(await freshCode(tandem)));
  const renewal = renewing(first.refresh_token);

  const refused = await askForToken(tandem, { ...renewal, scope: 'everything' });

  expect(refused.body).toMatchObject({ error: 'invalid_scope' });
  expect((await askForToken(tandem, { ...renewal, scope: 'read' })).status).toBe(200);
});

test('of many who renew one token at once, none is left with one that works', async () => {
  const { body: first } = await askForToken(tandem, ofCode(await freshCode(tandem)));

  const answers = await Promise.all(
    Array.from({ length: 8 }, () => askForToken(tandem, renewing(first.refresh_token))),
  );

  const given = answers.filter(({ status }) => status === 200);
  expect(given).toHaveLength(1);
  await expect.poll(() => statusWith(tandem, given[0]?.body.access_token)).toBe(401);
});

test('what renews a token is no other app’s', async () => {
  const { body: first } = await askForToken(tandem, ofCode(await freshCode(tandem)));

  const stolen = await askForToken(tandem, { ...renewing(first.refresh_token), ...OTHER });

  expect(stolen.body).toMatchObject({ error: 'invalid_grant' });
  expect((await askForToken(tandem, renewing(first.refresh_token))).status).toBe(200);
});

test('a token that was revoked is not renewed', async () => {
  const { body: first } = await askForToken(tandem, ofCode(await freshCode(tandem)));
  await tandem.database.rows(sql`update tokens set revoked_at = now() where app_id is not null`);

  const { body } = await askForToken(tandem, renewing(first.refresh_token));

  expect(body).toMatchObject({ error: 'invalid_grant' });
});

test('an app that is revoked gets nothing', async () => {
  await tandem.database.rows(sql`update apps set revoked_at = now() where client_id = 'other'`);

  const { body } = await askForToken(tandem, { grant_type: 'client_credentials', ...OTHER });

  expect(body).toMatchObject({ error: 'invalid_client' });
});

test('nothing of it is stored as it is', async () => {
  const { body } = await askForToken(tandem, ofCode(await freshCode(tandem)));

  const stored = await tandem.database.rows<{ text: string }>(
    sql`select t::text as text from tokens t union all select r::text from refresh_tokens r
      union all select c::text from authorization_codes c`,
  );

  const all = stored.map(({ text }) => text).join('\n');
  expect(all).not.toContain(body.access_token);
  expect(all).not.toContain(body.refresh_token);
});

test('tokens are issued as often as a user may ask for anything', async () => {
  await using strict = await startOauth({ RATE_LIMIT: '2' });
  await askForToken(strict, OWN);
  await askForToken(strict, OWN);

  const { status, headers, body } = await askForToken(strict, OWN);

  expect(status).toBe(429);
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  expect(body).toMatchObject({ error: 'temporarily_unavailable' });
});

describe('when the user of an app has gone to another organization', () => {
  let moved: TestTandem;
  beforeAll(async () => {
    moved = await startOauth();
    await moved.database.rows(sql`update users set number = 'moved', organization_id =
      (select id from organizations where key = 'globex') where username = 'alice'`);
  });
  afterAll(() => moved?.[Symbol.asyncDispose]());

  test('the app gets no token for it', async () => {
    const { status, body } = await askForToken(moved, OWN);

    expect(status).toBe(400);
    expect(body).toMatchObject({ error: 'invalid_grant' });
  });

  test('the other users of its organization can let the app in', async () => {
    const page = await submit(moved, asking(), { username: 'olivia', password: 'demo' });

    const { status, body } = await askForToken(moved, ofCode(landing(page).told['code'] ?? ''));

    expect(status).toBe(200);
    expect(await statusWith(moved, body.access_token)).toBe(200);
  });
});
