import { setTimeout as after } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { issueToken } from '../../src/auth/tokens.ts';
import { startTandem, type TestTandem } from '../support/tandem.ts';

let tandem: TestTandem;
beforeAll(async () => {
  tandem = await startTandem({ demo: true });
});
afterAll(() => tandem?.[Symbol.asyncDispose]());

// Who talks answers nobody else by himself.
afterEach(async () => {
  const headers = { authorization: 'Bearer demo-alice-token' };
  await fetch(`${tandem.url}/uapi/phoneCalls/@me/0003*210`, { method: 'DELETE', headers });
});

interface Call {
  readonly id: string;
  readonly phoneCallView: readonly Record<string, unknown>[];
  readonly links: { readonly self: string };
}

async function send<Body>(method: string, path: string, user: string, body?: object) {
  const answer = await fetch(path.startsWith('http') ? path : `${tandem.url}/uapi${path}`, {
    ...{ method, headers: { authorization: `Bearer demo-${user}-token` } },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, text, body: JSON.parse(text) as Body };
}

const place = (destination: string, query = '') =>
  send<Call[]>('POST', `/phoneCalls/@me/simple${query}`, 'alice', {
    extension: '210',
    phoneCallView: [{ source: '210', destination, callerId: 'John Doe <4242425>' }],
  });

/** Asks for the call by its own link until it is so. */
async function until(call: Call, isSo: (found: Call | undefined) => boolean, user = 'alice') {
  for (;;) {
    const { body } = await send<{ entry: Call[] }>('GET', call.links.self, user);
    if (isSo(body.entry[0])) return body.entry[0];
    await after(20);
  }
}

test('a new call is one object in a list, and its link leads to it', async () => {
  const { status, text, body } = await place('8887777');

  expect(status).toBe(200);
  expect(text.startsWith('[{"id":"')).toBe(true);
  const [call] = body;
  expect(call?.phoneCallView[0]).toMatchObject({
    ...{ id: '00', extension: '0003*210', source: ['0003*210'], destination: ['8887777'] },
    ...{ flow: 4, callerId: 'John Doe <0003*210>' },
  });
  const found = call && (await until(call, (one) => one?.phoneCallView[0]?.['status'] === 5));
  expect(found?.phoneCallView.map(({ status: now }) => now)).toEqual([5, 5]);
});

test('a call that nobody answers in time is given up', async () => {
  const { body } = await place('15001', '?waitForPickup=1');

  const [call] = body;
  const left = call && (await until(call, (one) => one === undefined));

  expect(left).toBeUndefined();
});

test('a call that has lasted as long as it may is over', async () => {
  const { body } = await place('8887777', '?callDuration=2');

  const [call] = body;
  const left = call && (await until(call, (one) => one === undefined));

  expect(left).toBeUndefined();
});

test('a ringing call is picked up elsewhere', async () => {
  const { body } = await place('15001');
  const [call] = body;
  if (call) await until(call, (one) => one?.phoneCallView[1]?.['status'] === 3);

  const answer = await send<Call>('PUT', `/phoneCalls/@me/15001/${call?.id}`, 'olivia', {
    ...{ action: 'PickUp', sendCallTo: '0003*211', phoneCallViewId: '01' },
  });

  expect(answer.status).toBe(200);
  expect(answer.body.phoneCallView.map(({ extension }) => extension)).toContain('0003*211');
});

test('of two extensions in a call, the one in the path is put on hold', async () => {
  const { body } = await place('15001');
  const [call] = body;
  if (call) await until(call, (one) => one?.phoneCallView[1]?.['status'] === 5);

  const answer = await send<Call>('PUT', `/phoneCalls/@me/0003*210/${call?.id}`, 'olivia', {
    ...{ action: 'OnHold', phoneCallViewId: '00' },
  });

  expect(answer.body.phoneCallView.map(({ holder }) => holder)).toEqual([1, 0]);
});

test('below another user, @self is that user’s leg, and not that of whoever asks', async () => {
  const { body } = await place('15001');
  const [call] = body;
  if (call) await until(call, (one) => one?.phoneCallView[1]?.['status'] === 5);

  const answer = await send<Call>('PUT', `/phoneCalls/12/@self/${call?.id}`, 'olivia', {
    ...{ action: 'OnHold', phoneCallViewId: '00' },
  });

  expect(answer.body.phoneCallView.map(({ holder }) => holder)).toEqual([1, 0]);
});

test('a user puts nobody else’s leg on hold', async () => {
  const { body } = await place('15001');
  const [call] = body;
  if (call) await until(call, (one) => one?.phoneCallView[1]?.['status'] === 5);

  const answer = await send<object>('PUT', `/phoneCalls/@me/15001/${call?.id}`, 'alice', {
    ...{ action: 'OnHold', phoneCallViewId: '01' },
  });

  expect(answer.status).toBe(400);
  expect(answer.body).toMatchObject({ error: { code: 'extension_invalid' } });
});

test.each(['0003*210', '8856'])(
  'a token that may only read updates no calls of %s, be there any or none',
  async (extension) => {
    const { database, url } = tandem;
    const [alice = expect.fail()] = await database.rows<{ userId: string; organizationId: string }>(
      sql`select id as "userId", organization_id as "organizationId" from users where username = 'alice'`,
    );
    const token = await issueToken(database, { ...alice, scopes: ['READ'], expiresAt: null });
    await place('8887777');

    const answer = await fetch(`${url}/uapi/phoneCalls/@me/${extension}`, {
      ...{ method: 'PUT', headers: { authorization: `Bearer ${token}` } },
      body: '{"action":"OnHold","phoneCallViewId":"00"}',
    });

    expect(answer.status).toBe(403);
    expect(await answer.json()).toEqual({
      error: { code: 'access_denied', message: 'This token lacks the scope CONTROL.' },
    });
  },
);
