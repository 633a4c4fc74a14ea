import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestTandem } from '../../support/tandem.ts';
import { askForToken, freshCode, OTHER, ofCode, renewing, startOauth, statusWith } from './lab.ts';

let tandem: TestTandem;
beforeAll(async () => {
  tandem = await startOauth();
});
afterAll(() => tandem?.[Symbol.asyncDispose]());

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
