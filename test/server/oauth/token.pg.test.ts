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
  OWN,
  ofCode,
  startOauth,
  statusWith,
  submit,
} from './lab.ts';

let tandem: TestTandem;
beforeAll(async () => {
  tandem = await startOauth();
});
afterAll(() => tandem?.[Symbol.asyncDispose]());

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
