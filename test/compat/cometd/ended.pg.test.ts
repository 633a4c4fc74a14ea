import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hashPassword } from '../../../src/auth/passwords.ts';
import { byCometD3, byCometD9, byFaye } from './clients.ts';
import { type Desks, openDesks, SEED } from './desks.ts';
import { Desktop } from './desktop.ts';

const GONE = {
  channel: '/meta/connect',
  successful: false,
  error: '402::session_unknown',
  advice: { reconnect: 'handshake', interval: 0 },
};
const BEARER = { authorization: 'Bearer demo-alice-token' };

let desks: Desks;

beforeEach(async () => {
  desks = await openDesks();
});
afterEach(() => desks[Symbol.asyncDispose]());

/** Ends all that began with alice's password, which stays as it was. */
async function endSessions() {
  const mark = await hashPassword('demo');
  await desks.database.rows(sql`update users set password_hash = ${mark} where username = 'alice'`);
}

const mark = (seen: string) =>
  desks.post(`/me/calls/${SEED}`, { operationName: 'AttachUserData', userData: { seen } });

test.each([{}, { ack: true }])(
  'the poll that waits is told that its session has ended: %o',
  async (ext) => {
    const desktop = await desks.subscribed('alice', '/v2/me/devices', ext);
    const poll = desktop.send({
      channel: '/meta/connect',
      id: '7',
      connectionType: 'long-polling',
    });

    await endSessions();

    expect(await poll).toMatchObject([{ id: '7', ...GONE }]);
    expect(await desktop.connect()).toMatchObject(GONE);
    expect(await desktop.handshake()).toMatchObject({ successful: true });
  },
);

test('whose token has been revoked is told, and can shake hands no more', async () => {
  const desktop = new Desktop(desks.url, 'alice', '', BEARER);
  await desktop.handshake();
  const poll = desktop.connect();

  await fetch(`${desks.url}/graphql`, {
    method: 'POST',
    headers: { ...BEARER, 'content-type': 'application/json' },
    body: JSON.stringify({ query: 'mutation { revokeToken(input: {}) { isRevoked } }' }),
  });

  expect(await poll).toMatchObject(GONE);
  expect(await desktop.handshake()).toMatchObject({
    error: '403::handshake_denied',
    advice: { reconnect: 'none' },
  });
});

test.each([
  ['CometD 9 with acknowledgements', byCometD9],
  ['CometD 3', byCometD3],
  ['faye', byFaye],
])(
  '%s shakes hands again when its session has ended, and misses nothing',
  async (_name, follow) => {
    const client = await follow(desks.url, 'alice', '/v2/me/*');
    const seen = () =>
      client.received.map(({ data }) => Reflect.get(data?.call.userData ?? {}, 'seen'));
    await mark('before');
    await expect.poll(seen, { timeout: 10_000 }).toContain('before');

    await endSessions();

    await mark('after');
    await expect.poll(seen, { timeout: 10_000 }).toContain('after');
    // What was marked may still have come by the session that ends: faye takes it ill when that is gone as it leaves.
    await expect.poll(client.handshakes, { timeout: 10_000 }).toBeGreaterThan(1);
    await client.leave();
  },
);
