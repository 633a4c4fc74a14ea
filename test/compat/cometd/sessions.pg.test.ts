import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Desks, openDesks, SEED } from './desks.ts';
import { Desktop } from './desktop.ts';

let desks: Desks;

beforeAll(async () => {
  desks = await openDesks();
});
afterAll(() => desks[Symbol.asyncDispose]());

test('a desktop that sends its password and keeps no cookies is notified', async () => {
  const desktop = new Desktop(desks.url, 'alice');
  desktop.forgetful();
  await desktop.handshake();
  await desktop.subscribe('/v2/me/calls');

  await desks.post(`/me/calls/${SEED}`, {
    operationName: 'AttachUserData',
    userData: { seen: 'yes' },
  });

  const { data } = await desktop.until(({ data }) => data?.call.id === SEED);
  expect(data?.call.userData).toMatchObject({ seen: 'yes' });
});

test('a session without its cookie is of no use to somebody else', async () => {
  const alice = await desks.subscribed('alice');
  const thief = alice.as('bob');
  thief.forgetful();

  const reply = await thief.connect();

  expect(reply).toMatchObject({ successful: false, error: '402::session_unknown' });
});

test('a session is of no use to somebody else', async () => {
  const alice = await desks.subscribed('alice');
  const thief = alice.as('bob');

  const reply = await thief.connect();

  expect(reply).toMatchObject({ successful: false, error: '402::session_unknown' });
});

test.each([
  ['a handshake', [{ channel: '/meta/handshake', version: '1.0', id: '7' }], 200],
  ['anything else', [{ channel: '/meta/connect', clientId: 'x' }], 403],
])('a stranger’s %s is denied', async (_name, messages, status) => {
  const response = await fetch(`${desks.url}/api/v2/notifications/handshake`, {
    method: 'POST',
    body: JSON.stringify(messages),
  });

  const text = await response.text();

  expect(response.status).toBe(status);
  expect(text).toContain(status === 200 ? '403::handshake_denied' : '403::access_denied');
});

test('a user has no more than 50 sessions, even if all ask at once', async () => {
  const desktops = Array.from({ length: 60 }, () => new Desktop(desks.url, 'olivia'));

  const replies = await Promise.all(desktops.map((desktop) => desktop.handshake()));

  const open = replies.filter((reply) => reply?.successful);
  expect(open.length).toBeLessThanOrEqual(50);
  expect(open.length).toBeGreaterThan(0);
});
