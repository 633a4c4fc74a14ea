import { once } from 'node:events';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAuthenticate } from '../../src/auth/authenticate.ts';
import { issueToken } from '../../src/auth/tokens.ts';
import { startTokenWatch, type TokenWatch } from '../../src/auth/watch.ts';
import { type FreshEmbedded, freshEmbedded } from '../support/database.ts';
import { layOrganization, type TestOrganization } from '../support/organization.ts';

/** Revocation and expiry work within a second; the rest is for a slow machine. */
const WITHIN_MS = 1500;

let database: FreshEmbedded;
let organization: TestOrganization;
let watch: TokenWatch;

beforeAll(async () => {
  database = await freshEmbedded();
  organization = await layOrganization(database);
  watch = startTokenWatch(database, (error) => {
    throw error;
  });
});
afterAll(async () => {
  watch[Symbol.dispose]();
  await database[Symbol.asyncDispose]();
});

async function watched(expiresAt: Date | null = null) {
  const { userId } = organization.principal('alice');
  const token = await issueToken(database, { userId, organizationId: organization.id, expiresAt });
  const principal = await createAuthenticate(database)({ kind: 'token', token }, '127.0.0.1');
  return { ...watch.watch(principal), id: principal.tokenId };
}

/** How long the signal takes to be aborted. */
async function timeTo(signal: AbortSignal) {
  const start = performance.now();
  if (!signal.aborted) await once(signal, 'abort');
  return performance.now() - start;
}

test('a token that is revoked ends what it began within a second, and no other', async () => {
  const [revoked, other] = [await watched(), await watched()];

  await database.rows(sql`update tokens set revoked_at = now() where id = ${revoked.id}::uuid`);

  expect(await timeTo(revoked.signal)).toBeLessThan(WITHIN_MS);
  expect(other.signal.aborted).toBe(false);
  revoked.release();
  other.release();
});

test('a token that expires ends what it began within a second', async () => {
  const { signal, release } = await watched(new Date(Date.now() + 300));

  const ms = await timeTo(signal);

  expect(ms).toBeLessThan(300 + WITHIN_MS);
  release();
});

test('a user that is gone ends what its token began', async () => {
  const { signal, release } = await watched();

  await database.rows(
    sql`delete from users where id = ${organization.principal('alice').userId}::uuid`,
  );

  expect(await timeTo(signal)).toBeLessThan(WITHIN_MS);
  release();
});
