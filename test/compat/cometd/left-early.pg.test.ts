import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rawConnection } from '../../support/raw.ts';
import { type Desks, openDesks } from './desks.ts';
import { basic } from './desktop.ts';

/** Alice's; of calls there is news without her. */
const DEVICE = '/me/devices/631608b3-ceb1-472b-ba05-2ae39555b0d1';

let desks: Desks;

beforeAll(async () => {
  desks = await openDesks();
});
afterAll(() => desks[Symbol.asyncDispose]());

/** What a session may say, and what is news after it. */
const CASES = [
  ['polls', { channel: '/meta/connect', connectionType: 'long-polling' }, 'DoNotDisturbOn'],
  ['subscribes', { channel: '/meta/subscribe', subscription: '/v2/me/devices' }, 'DoNotDisturbOff'],
] as const;

/** Sends this for a session, and leaves while it is still asked who that is. */
async function leaveEarly(clientId: string, what: object): Promise<void> {
  const message = { ...what, clientId };
  const body = JSON.stringify([message]);
  const head = `POST /api/v2/notifications HTTP/1.1\r\nHost: a\r\nAuthorization: ${basic('alice')}`;
  await desks.database.client.begin(async (tx) => {
    await tx`lock table users in access exclusive mode`;
    const text = `${head}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const connection = await rawConnection(Number(new URL(desks.url).port), text);
    await sleep(300);
    connection[Symbol.dispose]();
    await connection.rest;
    await sleep(100);
  });
}

test.each(CASES)(
  'who %s and leaves while it is asked who he is takes neither the place of another poll nor its news',
  async (_, message, news) => {
    const desktop = await desks.subscribed('alice', '/v2/me/devices');
    await desktop.connect({ timeout: 0 });
    let isAnswered = false;
    const polling = desktop.connect().finally(() => {
      isAnswered = true;
    });
    await sleep(200);

    await leaveEarly(desktop.clientId, message);

    await sleep(500);
    expect(isAnswered).toBe(false);
    await desks.post(DEVICE, { operationName: news });
    await polling;
    expect(desktop.received).toMatchObject([{ channel: '/v2/me/devices' }]);
  },
);
