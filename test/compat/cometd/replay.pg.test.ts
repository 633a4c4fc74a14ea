import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Desks, openDesks, SEED } from './desks.ts';
import { Desktop } from './desktop.ts';

let desks: Desks;

beforeAll(async () => {
  desks = await openDesks();
});
afterAll(() => desks[Symbol.asyncDispose]());

test('a desktop that comes back with its position gets what it missed', async () => {
  const before = await desks.subscribed('alice');
  await desks.post(`/me/calls/${SEED}`, { operationName: 'AttachUserData', userData: { a: '1' } });
  await before.until(({ data }) => data?.notificationType === 'AttachedDataChanged');
  for (const key of ['b', 'c']) {
    const userData = { [key]: String(Math.random()) };
    await desks.post(`/me/calls/${SEED}`, { operationName: 'AttachUserData', userData });
  }

  const after = await desks.subscribed('alice', '/v2/me/calls', { replay: before.replay });

  await after.until(({ data }) => data?.call.userData !== undefined && 'c' in data.call.userData);
  const missed = after.received.filter(({ data }) => data?.call.id === SEED);
  expect(missed.map(({ data }) => 'c' in (data?.call.userData ?? {}))).toEqual([false, true]);
});

/** A position of this life of the feed, at another place. */
const elsewhere = (replay: string | undefined, place: (xid: bigint, id: bigint) => string) => {
  const [epoch, xid = '', id = ''] = Buffer.from(replay ?? '', 'base64url')
    .toString()
    .split('.');
  return Buffer.from(`${epoch}.${place(BigInt(xid), BigInt(id))}`).toString('base64url');
};

test.each([
  ['of a transaction that was never begun', (xid: bigint) => `${xid + 1_000_000n}.1`],
  ['of the last transaction that there can be', () => `${2n ** 64n - 1n}.${2n ** 63n - 1n}`],
  ['of more transactions than there can be', () => '99999999999999999999.1'],
])('a desktop with a position %s gets the calls that are up', async (_name, place) => {
  const before = await desks.subscribed('alice');
  await before.connect({ timeout: 0 });
  const replay = elsewhere(before.replay, place);

  const after = await desks.subscribed('alice', '/v2/me/calls', { replay });

  await after.until(({ data }) => data?.call.id === SEED);
  expect(after.replay).not.toBe(replay);
});

test('a desktop with a position beyond what the last transaction told goes on from now', async () => {
  const before = await desks.subscribed('alice');
  await before.connect({ timeout: 0 });
  const replay = elsewhere(before.replay, (xid, id) => `${xid}.${id + 1_000_000n}`);
  const after = await desks.subscribed('alice', '/v2/me/calls', { replay });

  await desks.post(`/me/calls/${SEED}`, {
    operationName: 'AttachUserData',
    userData: { late: '1' },
  });

  const { data } = await after.until((message) => message.data?.call.id === SEED);
  expect(data?.call.userData).toMatchObject({ late: '1' });
});

test.each([
  ['a number', 42],
  ['nothing', ''],
  ['no position', 'nonsense'],
])('a handshake with %s for a position is refused, and says why', async (_name, replay) => {
  const desktop = new Desktop(desks.url, 'alice');

  const reply = await desktop.handshake({ replay });

  expect(reply).toMatchObject({ successful: false, error: '403::handshake_denied' });
  expect(reply?.ext?.refusal).toMatch(/^ext\.replay .* position/);
});
