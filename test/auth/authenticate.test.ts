import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Authenticate, createAuthenticate } from '../../src/auth/authenticate.ts';
import { issueToken } from '../../src/auth/tokens.ts';
import { importFile } from '../../src/import/import.ts';
import { SCOPES } from '../../src/model/account.ts';
import type { Credentials } from '../../src/model/credentials.ts';
import { type FreshEmbedded, freshEmbedded } from '../support/database.ts';

const LOOPBACK = '127.0.0.1';
const KEY = '74c8eea0-50c6-40b2-9f3e-252ed501c3c8';
const OPEN_KEY = '00000000-50c6-40b2-9f3e-252ed501c3c8';
const DORAS_KEY = '11111111-50c6-40b2-9f3e-252ed501c3c8';
const NETWORKS = ['10.0.0.0/8', '192.0.2.7', '2001:db8::/32'];

const user = (organization: string, username: string, number: string) => ({
  ...{ type: 'user', organization, username, number },
  ...{ password: `${username}-password`, accountType: 'USER' },
});
const app = (name: string, more: object) => ({
  ...{ type: 'app', organization: 'acme', name, user: 'alice' },
  ...more,
});
const RECORDS = [
  { type: 'organization', id: 'acme', name: 'Acme' },
  { type: 'organization', id: 'globex', name: 'Globex' },
  user('acme', 'alice', '1'),
  user('globex', 'bob', '2'),
  user('acme', 'dora', '3'),
  app('recorder', {
    apiKey: KEY,
    clientId: 'one',
    clientSecret: 'client-secret',
    requiresToken: true,
  }),
  app('open', { apiKey: OPEN_KEY, requiresToken: false, networks: NETWORKS }),
  app('dialler', { user: 'dora', apiKey: DORAS_KEY, requiresToken: false }),
];

let database: FreshEmbedded;
let authenticate: Authenticate;
let people: Record<string, { userId: string; organizationId: string }>;

beforeAll(async () => {
  database = await freshEmbedded();
  await importFile({
    database,
    lines: (async function* () {
      for (const record of RECORDS) yield JSON.stringify(record);
    })(),
  });
  const rows = await database.rows<{ username: string; userId: string; organizationId: string }>(
    sql`select username, id as "userId", organization_id as "organizationId" from users`,
  );
  people = Object.fromEntries(rows.map(({ username, ...ids }) => [username, ids]));
  authenticate = createAuthenticate(database);
});
afterAll(() => database[Symbol.asyncDispose]());

type Choices = Partial<Parameters<typeof issueToken>[1]>;

async function tokenOf(username: string, choices: Choices = {}) {
  const ids = people[username] ?? expect.fail();
  const token = await issueToken(database, { ...ids, expiresAt: null, ...choices });
  return { kind: 'token', token } as const;
}

async function appId(name: string) {
  const [row] = await database.rows<{ id: string }>(sql`select id from apps where name = ${name}`);
  return row?.id ?? expect.fail();
}

const refused = { code: 'UNAUTHENTICATED' };

test('a token stands for its user, with its scopes', async () => {
  const expiresAt = new Date(Date.now() + 60_000);
  const token = await tokenOf('alice', { scopes: ['READ'], expiresAt });

  const principal = await authenticate(token, LOOPBACK);

  expect(principal).toMatchObject({
    ...{ username: 'alice', userNumber: '1', organizationName: 'Acme', accountType: 'USER' },
    ...{ scopes: ['READ'], expiresAt, appId: null },
  });
});

test('a token that has expired is refused', async () => {
  const token = await tokenOf('alice', { expiresAt: new Date(Date.now() - 1) });

  const asking = authenticate(token, LOOPBACK);

  await expect(asking).rejects.toMatchObject(refused);
});

test('a token that was revoked, or whose app was, is refused', async () => {
  await database.rows(sql`insert into apps (id, organization_id, user_id, name)
    select gen_random_uuid(), organization_id, id, 'gone' from users where username = 'alice'`);
  const tokens = [await tokenOf('alice'), await tokenOf('alice', { appId: await appId('gone') })];
  for (const token of tokens) await authenticate(token, LOOPBACK);
  await database.rows(sql`update tokens set revoked_at = now() where app_id is null`);
  await database.rows(sql`update apps set revoked_at = now() where name = 'gone'`);

  const asking = await Promise.allSettled(tokens.map((token) => authenticate(token, LOOPBACK)));

  expect(asking).toMatchObject([{ reason: refused }, { reason: refused }]);
});

test('what was given to a user for one organization opens no other, and its password the new one', async () => {
  const key = { kind: 'apiKey', apiKey: DORAS_KEY, token: null } as const;
  const ofApp = { appId: await appId('recorder') };
  const given = [await tokenOf('dora'), await tokenOf('dora', ofApp), key];
  for (const credentials of given) await authenticate(credentials, LOOPBACK);
  await database.rows(sql`update users set organization_id = ${people['bob']?.organizationId ?? ''}::uuid
    where username = 'dora'`);
  const password = { kind: 'password', username: 'dora', password: 'dora-password' } as const;

  const asked = await Promise.allSettled(
    [...given, password].map((credentials) => authenticate(credentials, LOOPBACK)),
  );

  const moved = { value: { username: 'dora', organizationName: 'Globex' } };
  expect(asked).toMatchObject([
    { reason: refused },
    { reason: refused },
    { reason: refused },
    moved,
  ]);
});

test('a password is right or wrong, twice', async () => {
  const right = { kind: 'password', username: 'alice', password: 'alice-password' } as const;
  const wrong = { ...right, password: 'bob-password' };

  const asked = await Promise.allSettled(
    [right, right, wrong, wrong].map((credentials) => authenticate(credentials, LOOPBACK)),
  );

  const alice = { value: { username: 'alice', scopes: SCOPES, tokenId: null } };
  expect(asked).toMatchObject([alice, alice, { reason: refused }, { reason: refused }]);
});

test.each<[string, Credentials]>([
  ['nothing', { kind: 'none' }],
  ['an unknown token', { kind: 'token', token: 'x' }],
  ['a token with U+0000', { kind: 'token', token: '\0' }],
  ['an unknown user', { kind: 'password', username: 'carol', password: '' }],
  ['an unknown api key', { kind: 'apiKey', apiKey: 'x', token: null }],
  ['an api key without its token', { kind: 'apiKey', apiKey: KEY, token: null }],
  ['an api key with an unknown token', { kind: 'apiKey', apiKey: KEY, token: 'x' }],
])('%s is refused', async (_name, credentials) => {
  const asking = authenticate(credentials, LOOPBACK);

  await expect(asking).rejects.toMatchObject(refused);
});

test("an api key works with a token of its organization, in any case, and not with another's", async () => {
  const [own, foreign] = [await tokenOf('alice'), await tokenOf('bob')];
  const other = await tokenOf('alice', { appId: await appId('open') });
  const with_ = ({ token }: { token: string }) =>
    authenticate({ kind: 'apiKey', apiKey: KEY.toUpperCase(), token }, '10.0.0.1');

  const asked = await Promise.allSettled([with_(own), with_(foreign), with_(other)]);

  const alice = { value: { username: 'alice', appId: await appId('recorder') } };
  expect(asked).toMatchObject([alice, { reason: refused }, { reason: refused }]);
});

test.each([
  ['10.255.0.1', true],
  ['::ffff:10.0.0.1', true],
  ['::FFFF:192.0.2.7', true],
  ['2001:db8:1::1', true],
  ['11.0.0.1', false],
  ['192.0.2.8', false],
  ['::ffff:11.0.0.1', false],
  ['2001:db9::1', false],
  ['::1', false],
  ['', false],
])('an app of some networks is let in from %s: %s', async (peer, isWelcome) => {
  const token = await tokenOf('alice', { appId: await appId('open') });
  const key = { kind: 'apiKey', apiKey: OPEN_KEY, token: null } as const;

  const asked = await Promise.allSettled([authenticate(key, peer), authenticate(token, peer)]);

  const status = isWelcome ? 'fulfilled' : 'rejected';
  expect(asked.map((outcome) => outcome.status)).toEqual([status, status]);
});

test('the database has no secret in clear', async () => {
  const { token } = await tokenOf('alice');

  const stored = await database.rows(
    sql`select to_jsonb(u) as row from users u union all select to_jsonb(a) from apps a
      union all select to_jsonb(t) from tokens t`,
  );

  const text = JSON.stringify(stored).toLowerCase();
  for (const secret of [token, KEY, OPEN_KEY, 'client-secret', 'alice-password']) {
    expect(text).not.toContain(secret.toLowerCase());
  }
});
