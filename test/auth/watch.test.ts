import { once } from 'node:events';
import { sql } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAuthenticate } from '../../src/auth/authenticate.ts';
import type { Principal } from '../../src/auth/principal.ts';
import { issueToken } from '../../src/auth/tokens.ts';
import { type PrincipalWatch, startPrincipalWatch } from '../../src/auth/watch.ts';
import { hashSecret, newSecret } from '../../src/model/secret.ts';
import { type FreshEmbedded, freshEmbedded } from '../support/database.ts';
import { layOrganization } from '../support/organization.ts';

/** Revocation and expiry work within a second; the rest is for a slow machine. */
const WITHIN_MS = 1500;

let database: FreshEmbedded;
let watch: PrincipalWatch;

beforeAll(async () => {
  database = await freshEmbedded();
  // One to be moved to.
  await layOrganization(database);
  watch = startPrincipalWatch(database, (error) => {
    throw error;
  });
});
afterAll(async () => {
  watch[Symbol.dispose]();
  await database[Symbol.asyncDispose]();
});

type Watching = ReturnType<PrincipalWatch['watch']> & { readonly principal: Principal };

const watching = (principal: Principal): Watching => ({ ...watch.watch(principal), principal });

/** Alice's and others' tokens, and an app that acts for alice, in an organization of the test's own. */
async function scene() {
  const organization = await layOrganization(database);
  const authenticate = createAuthenticate(database);
  const alice = organization.principal('alice');
  const app = { id: uuid(), key: newSecret() };
  await database.rows(sql`
    insert into apps (id, organization_id, user_id, name, api_key_hash, requires_token)
    values (${app.id}::uuid, ${organization.id}::uuid, ${alice.userId}::uuid, 'crm', ${hashSecret(app.key.toLowerCase())}, false)`);
  const byToken = async ({ userId }: Principal, expiresAt: Date | null = null, appId?: string) => {
    const options = { userId, organizationId: organization.id, expiresAt, appId: appId ?? null };
    const token = await issueToken(database, options);
    return watching(await authenticate({ kind: 'token', token }, '127.0.0.1'));
  };
  const byKey = async () => {
    const credentials = { kind: 'apiKey', apiKey: app.key, token: null } as const;
    return watching(await authenticate(credentials, '127.0.0.1'));
  };
  const byJwt = () => watching({ ...alice, expiresAt: new Date(Date.now() + 60_000) });
  const byPassword = (principal = alice) => watching(principal);
  return { organization, alice, app, byToken, byKey, byJwt, byPassword };
}

/** How long all of the signals take to be aborted. */
async function timeTo(...all: readonly Watching[]) {
  const start = performance.now();
  await Promise.all(
    all.map(async ({ signal, release }) => {
      if (!signal.aborted) await once(signal, 'abort');
      release();
    }),
  );
  return performance.now() - start;
}

test('a token that is revoked ends what it began within a second, and no other', async () => {
  const { alice, byToken } = await scene();
  const [revoked, other] = [await byToken(alice), await byToken(alice)];

  await database.rows(
    sql`update tokens set revoked_at = now() where id = ${revoked.principal.tokenId}::uuid`,
  );

  expect(await timeTo(revoked)).toBeLessThan(WITHIN_MS);
  expect(other.signal.aborted).toBe(false);
  other.release();
});

test('a token that expires ends what it began within a second', async () => {
  const { alice, byToken } = await scene();
  const expiring = await byToken(alice, new Date(Date.now() + 300));

  const ms = await timeTo(expiring);

  expect(ms).toBeLessThan(300 + WITHIN_MS);
});

test('a token that loses a scope ends what it began', async () => {
  const { alice, byToken } = await scene();
  const narrowed = await byToken(alice);

  await database.rows(
    sql`update tokens set scopes = '{READ}' where id = ${narrowed.principal.tokenId}::uuid`,
  );

  expect(await timeTo(narrowed)).toBeLessThan(WITHIN_MS);
});

test('another password ends what was begun by the one before', async () => {
  const { alice } = await scene();
  await database.rows(sql`update users set password_hash = 'one' where id = ${alice.userId}::uuid`);
  const mark = { passwordMark: hashSecret('one') };
  const [before, token] = [watching({ ...alice, ...mark }), watching(alice)];

  await database.rows(sql`update users set password_hash = 'two' where id = ${alice.userId}::uuid`);

  expect(await timeTo(before)).toBeLessThan(WITHIN_MS);
  expect(token.signal.aborted).toBe(false);
  token.release();
});

test.each([
  ['is gone', sql`delete from users`],
  ['is another kind of account', sql`update users set account_type = 'ORGANIZATION'`],
  [
    'is in another organization',
    sql`update users set number = 'moved', organization_id = (
      select id from organizations o where o.id <> users.organization_id limit 1)`,
  ],
])('a user that %s ends what it began, whatever it came with', async (_, change) => {
  const { organization, alice, byToken, byKey, byJwt, byPassword } = await scene();
  const hers = [await byToken(alice), await byKey(), byJwt(), byPassword()];
  const others = [organization.principal('olivia'), organization.principal('admin')].map(watching);

  await database.rows(sql`${change} where id = ${alice.userId}::uuid`);

  expect(await timeTo(...hers)).toBeLessThan(WITHIN_MS);
  expect(others.map(({ signal }) => signal.aborted)).toEqual([false, false]);
  for (const { release } of others) release();
});

test('an app that is revoked ends what its key and its tokens began', async () => {
  const { alice, app, byToken, byKey } = await scene();
  const its = [await byKey(), await byToken(alice, null, app.id)];
  const other = await byToken(alice);

  await database.rows(sql`update apps set revoked_at = now() where id = ${app.id}::uuid`);

  expect(await timeTo(...its)).toBeLessThan(WITHIN_MS);
  expect(other.signal.aborted).toBe(false);
  other.release();
});

test('who stays who it is is left alone', async () => {
  const { alice, app, byToken, byKey, byJwt, byPassword } = await scene();
  const all = [await byToken(alice, null, app.id), await byKey(), byJwt(), byPassword()];
  const last = await byToken(alice, new Date(Date.now() + 1200));

  await timeTo(last);

  expect(all.map(({ signal }) => signal.aborted)).toEqual([false, false, false, false]);
  for (const { release } of all) release();
});
