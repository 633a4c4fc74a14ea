import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hashPassword } from '../../src/auth/passwords.ts';
import { startTandem, type TestTandem } from '../support/tandem.ts';
import { Desktop } from './cometd/desktop.ts';

/** It works within a second; the rest is for a slow machine. */
const WITHIN_MS = 3000;
const BASIC = { authorization: `Basic ${btoa('alice:demo')}` };

let tandem: TestTandem;

beforeEach(async () => {
  tandem = await startTandem({ demo: true });
});
afterEach(() => tandem[Symbol.asyncDispose]());

/** The cookie that a password gives. */
async function logIn(): Promise<string> {
  const response = await fetch(`${tandem.url}/api/v2/me`, { headers: BASIC });
  return response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

const statusWith = async (headers: Record<string, string>) =>
  (await fetch(`${tandem.url}/api/v2/me`, { headers })).status;

async function subscribed(username: string, cookie = '') {
  const desktop = new Desktop(tandem.url, username, cookie);
  await desktop.handshake();
  await desktop.subscribe('/v2/me/*');
  return desktop;
}

/** A desktop of alice's that waits for notifications. */
async function waiting(cookie = '') {
  const desktop = await subscribed('alice', cookie);
  return { desktop, reply: desktop.connect() };
}

const ENDINGS = [
  ['whose password is another one', async () => sql`password_hash = ${await hashPassword('new')}`],
  ['who can log in by password no more', async () => sql`password_hash = null`],
  [
    'who is in another organization',
    async () => sql`number = 'moved', organization_id =
      (select id from organizations o where o.id <> users.organization_id)`,
  ],
] as const;

test.each(ENDINGS)('a user %s has no session left', async (_name, change) => {
  const cookie = await logIn();
  const [bySession, byPassword] = [await waiting(cookie), await waiting()];
  const other = await subscribed('olivia');

  await tandem.database.rows(sql`update users set ${await change()} where username = 'alice'`);

  for (const { desktop, reply } of [bySession, byPassword]) {
    await reply;
    await expect
      .poll(() => desktop.connect(), { timeout: WITHIN_MS })
      .not.toMatchObject({
        successful: true,
      });
  }
  await expect.poll(() => statusWith({ cookie }), { timeout: WITHIN_MS }).toBe(403);
  expect((await other.connect({ timeout: 0 }))?.successful).toBe(true);
});

test('a user who is deleted has no session left', async () => {
  const cookie = await logIn();
  const { desktop, reply } = await waiting(cookie);

  await tandem.database.rows(sql`delete from users where username = 'alice'`);

  await reply;
  await expect
    .poll(() => desktop.connect(), { timeout: WITHIN_MS })
    .not.toMatchObject({ successful: true });
  await expect.poll(() => statusWith({ cookie }), { timeout: WITHIN_MS }).toBe(403);
});

test('a new password gets a new session, and tokens that came by no password stay', async () => {
  const before = await logIn();
  const mark = sql`password_hash = ${await hashPassword('new')}`;

  await tandem.database.rows(sql`update users set ${mark} where username = 'alice'`);

  const authorization = `Basic ${btoa('alice:new')}`;
  const response = await fetch(`${tandem.url}/api/v2/me`, { headers: { authorization } });
  const cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  await expect.poll(() => statusWith({ cookie: before }), { timeout: WITHIN_MS }).toBe(403);
  expect(cookie).not.toBe(before);
  expect(await statusWith({ cookie })).toBe(200);
  expect(await statusWith({ authorization: 'Bearer demo-alice-token' })).toBe(200);
  expect(await statusWith(BASIC)).toBe(403);
});
