import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Desks, openDesks } from './desks.ts';
import { basic, Desktop } from './desktop.ts';

let desks: Desks;

beforeAll(async () => {
  desks = await openDesks();
});
afterAll(() => desks[Symbol.asyncDispose]());

test('a handshake says how can be polled', async () => {
  const desktop = new Desktop(desks.url, 'alice');

  const reply = await desktop.handshake();

  expect(reply).toMatchObject({
    supportedConnectionTypes: ['long-polling', 'callback-polling'],
    ext: { replay: expect.any(String) },
  });
});

test('nobody publishes', async () => {
  const alice = await desks.subscribed('alice', '/**');
  const bob = await desks.subscribed('bob', '/**');

  const replies = await bob.send(
    { channel: '/v2/me/calls', data: { forged: true } },
    { channel: '/v2/used/by/nobody', data: { forged: true } },
  );

  // Who else uses a channel is not told.
  const refusal = { successful: false, error: '403::publish_denied' };
  expect(replies).toMatchObject([refusal, refusal]);
  await alice.connect({ timeout: 0 });
  // The demo's own calls come and go meanwhile.
  expect(JSON.stringify(alice.received)).not.toContain('forged');
});

test.each([
  ['cookie', { cookie: 'BAYEUX_BROWSER=constructor' }, {}],
  ['session', {}, { clientId: 'constructor' }],
])('a %s that is called like a property of every object is none', async (_name, headers, more) => {
  const response = await fetch(`${desks.url}/api/v2/notifications`, {
    method: 'POST',
    headers: { authorization: basic('alice'), ...headers },
    body: JSON.stringify([{ channel: '/meta/handshake', version: '1.0', ...more }]),
  });

  expect(await response.json()).toMatchObject([{ successful: true }]);
  expect(response.headers.getSetCookie().join()).toMatch(/BAYEUX_BROWSER=[0-9a-f]{40}/);
});

/** Sends a body as it stands, as alice. */
const sendBody = (body: string) =>
  fetch(`${desks.url}/api/v2/notifications`, {
    method: 'POST',
    headers: { authorization: basic('alice') },
    body,
  });

test.each(['', '{', '[]', '[1]', '[null,1]', '7', 'null'])(
  'what is no message of Bayeux is refused: %s',
  async (body) => {
    const response = await sendBody(body);

    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(await response.text()).toMatch(/^The body must be /);
  },
);

test.each([
  ['{"id":"1"}', '400::channel_missing'],
  ['[{"id":"1","channel":null}]', '400::channel_missing'],
  ['[{"id":"1","channel":"x"}]', '400::channel_invalid'],
  ['[{"id":"1","channel":"/meta/subscribe","subscription":"x"}]', '403::subscription_invalid'],
  ['[{"id":"1","channel":"/meta/subscribe","subscription":[]}]', '403::subscription_invalid'],
  ['[{"id":"1","channel":"/meta/connect"}]', '402::session_unknown'],
  ['[{"id":"1","channel":"/meta/connect","clientId":"x"}]', '400::connection_type_missing'],
  [
    '[{"id":"1","channel":"/meta/connect","clientId":"x","connectionType":"websocket"}]',
    '400::connection_type_unsupported',
  ],
  ['[{"id":"1","channel":"/meta/handshake"}]', '400::version_missing'],
])('a message in which something is wrong is answered: %s', async (body, error) => {
  const response = await sendBody(body);

  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject([{ id: '1', successful: false, error }]);
});

test.each([
  ['as a form', new URLSearchParams({ message: '{"id":"1","channel":"/meta/connect"}' })],
  ['as what curl says that it is', '[{"id":"1","channel":"/meta/connect"}]'],
])('messages may come %s', async (_name, body) => {
  const response = await fetch(`${desks.url}/api/v2/notifications`, {
    method: 'POST',
    headers: {
      authorization: basic('alice'),
      'content-type': 'application/x-www-form-urlencoded',
    },
    body,
  });

  expect(await response.json()).toMatchObject([{ id: '1', error: '402::session_unknown' }]);
});

test('what is wrong in one message is nothing to the others', async () => {
  const alice = await desks.subscribed('alice');
  const channel = '/meta/subscribe';

  const replies = await alice.send({ channel, subscription: 'x' }, { channel, subscription: '/a' });

  expect(replies).toMatchObject([
    { successful: false, error: '403::subscription_invalid' },
    { successful: true, subscription: '/a' },
  ]);
});

test('what is wrong is answered at once, though a poll came with it', async () => {
  const olivia = await desks.subscribed('olivia', '/v2/me/chats');
  const poll = { channel: '/meta/connect', connectionType: 'long-polling' };

  const replies = await olivia.send({ channel: 'nowhere' }, poll);

  expect(replies).toMatchObject([{ error: '400::channel_invalid' }, { successful: true }]);
});

test('who has as many subscriptions as a session may have keeps them by asking again', async () => {
  const alice = await desks.subscribed('alice');
  await alice.subscribe(...Array.from({ length: 99 }, (_, index) => `/v2/${index}`));

  const [reply] = await alice.subscribe('/v2/98');

  expect(reply).toMatchObject({ successful: true });
});

test('a handshake is heeded, whatever is no message beside it', async () => {
  const body = '[1,{"channel":"/meta/handshake","version":"1.0"}]';
  const headers = { authorization: basic('alice') };

  const response = await fetch(`${desks.url}/api/v2/notifications`, {
    ...{ method: 'POST', headers, body },
  });

  expect(await response.json()).toMatchObject([{ successful: true }]);
});

test('who subscribes to more than a session may have is told so', async () => {
  const alice = await desks.subscribed('alice');
  await alice.subscribe(...Array.from({ length: 99 }, (_, index) => `/v2/${index}`));

  const [reply] = await alice.subscribe('/v2/100');

  expect(reply).toMatchObject({
    successful: false,
    error: '403::subscribe_denied',
    ext: { refusal: 'A session has 100 subscriptions at most.' },
  });
});

test('what is no message has the others of its request done', async () => {
  const response = await sendBody('[null,{"channel":"/meta/connect","id":"1"},7]');

  const missing = { successful: false, error: '400::channel_missing' };
  const unknown = { id: '1', successful: false, error: '402::session_unknown' };
  expect(await response.json()).toEqual([missing, missing, expect.objectContaining(unknown)]);
});

test.each([
  ['1.0', { successful: true }],
  ['0.9', { successful: true }],
  ['1.1', { successful: false, error: '400::version_unsupported', version: '1.0' }],
  ['2', { successful: false, error: '400::version_unsupported', version: '1.0' }],
])('a handshake by who needs version %s at least', async (minimumVersion, reply) => {
  const handshake = { channel: '/meta/handshake', version: '1.0', minimumVersion };

  const response = await sendBody(JSON.stringify([handshake]));

  expect(await response.json()).toMatchObject([reply]);
});
