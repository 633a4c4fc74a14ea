import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestTandem } from '../../support/tandem.ts';
import { askForToken, freshCode, OTHER, ofCode, renewing, startOauth, statusWith } from './lab.ts';

let tandem: TestTandem;
beforeAll(async () => {
  tandem = await startOauth();
});
afterAll(() => tandem?.[Symbol.asyncDispose]());

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
