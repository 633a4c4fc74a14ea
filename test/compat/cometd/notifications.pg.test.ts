import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pressKeys } from '../../support/press.ts';
import { startTandem, type TestTandem } from '../../support/tandem.ts';
import { basic, Desktop, type Message } from './desktop.ts';

const SEED = '01RCC3N118B1V0SL807GK2LAES00000R';

let tandem: TestTandem;

beforeAll(async () => {
  tandem = await startTandem({ demo: true });
});
afterAll(() => tandem[Symbol.asyncDispose]());

const post = (path: string, body: object, username = 'alice') =>
  fetch(`${tandem.url}/api/v2${path}`, {
    method: 'POST',
    headers: { authorization: basic(username) },
    body: JSON.stringify(body),
  });

/** A desktop that is told of its calls. */
async function subscribed(username: string, channel = '/v2/me/calls', ext: object = {}) {
  const desktop = new Desktop(tandem.url, username);
  await desktop.handshake(ext);
  await desktop.subscribe(channel);
  return desktop;
}

test('the seed’s request gives its notification, field for field', async () => {
  const desktop = await subscribed('alice');

  const answer = await post(`/me/calls/${SEED}`, { operationName: 'DeleteUserData' });

  expect(await answer.json()).toEqual({ statusCode: 0 });
  const { data, channel } = await desktop.until(({ data }) => data?.call.id === SEED);
  expect({ data, channel }).toEqual({
    data: {
      notificationType: 'AttachedDataChanged',
      call: {
        id: SEED,
        state: 'Dialing',
        callUuid: SEED,
        connId: '007102719818001b',
        deviceUri: `${tandem.url}/api/v2/devices/631608b3-ceb1-472b-ba05-2ae39555b0d1`,
        participants: [
          {
            e164Number: '',
            formattedPhoneNumber: '15001',
            phoneNumber: '15001',
            digits: '15001',
          },
        ],
        dnis: '15001',
        callType: 'Internal',
        capabilities: expect.toSatisfy(
          (names: string[]) =>
            [...names].sort().join() ===
            'AttachUserData,DeleteUserData,DeleteUserDataPair,Hangup,SendDtmf,UpdateUserData',
        ),
        duration: expect.stringMatching(/^\d+$/),
        mute: 'Off',
        supervisorListeningIn: false,
        monitoredUserMuted: false,
        monitoring: false,
        uri: `${tandem.url}/api/v2/me/calls/${SEED}`,
        path: `/calls/${SEED}`,
      },
      phoneNumber: '15000',
      messageType: 'CallStateChangeMessage',
    },
    channel: '/v2/me/calls',
  });
});

/** Somebody calls a number of the demo. */
async function dial(username: string, to: string) {
  const mine = await fetch(`${tandem.url}/api/v2/me/devices?fields=id`, {
    headers: { authorization: basic(username) },
  });
  const { devices } = (await mine.json()) as { devices: { id: string }[] };
  const body = { operationName: 'Dial', destination: { phoneNumber: to } };
  await post(`/me/devices/${devices.at(-1)?.id}/calls`, body, username);
}

const typeOf = ({ data }: Message) => `${data?.notificationType} ${data?.call.state}`;

/** Whether a call to this number is answered: the demo makes others meanwhile. */
const isAnswered = (number: string) => (message: Message) =>
  typeOf(message) === 'StatusChange Established' && message.data?.call.dnis === number;

test('a call in a session rings until it is answered', async () => {
  await post('/me', { operationName: 'StartContactCenterSession', channels: ['voice'] }, 'olivia');
  const olivia = await subscribed('olivia');
  await dial('alice', '15001');
  const { data } = await olivia.until((message) => typeOf(message) === 'StatusChange Ringing');

  await post(`/me/calls/${data?.call.id}`, { operationName: 'Answer' }, 'olivia');

  await olivia.until((message) => typeOf(message) === 'StatusChange Established');
  await post(`/me/calls/${data?.call.id}`, { operationName: 'Hangup' }, 'olivia');
  await olivia.until((message) => typeOf(message) === 'StatusChange Released');
  const life = olivia.received.filter((message) => message.data?.call.id === data?.call.id);
  expect(life.map(typeOf)).toEqual([
    'StatusChange Ringing',
    'StatusChange Established',
    'StatusChange Released',
  ]);
  await post('/me', { operationName: 'EndContactCenterSession' }, 'olivia');
});

test('a call that rings cannot be hung up but cleared, as its capabilities say', async () => {
  await post('/me', { operationName: 'StartContactCenterSession', channels: ['voice'] }, 'olivia');
  const olivia = await subscribed('olivia');
  await dial('alice', '15001');
  const { data } = await olivia.until((message) => typeOf(message) === 'StatusChange Ringing');

  const answer = await post(`/me/calls/${data?.call.id}`, { operationName: 'Hangup' }, 'olivia');

  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ statusCode: 2 });
  await post(`/me/calls/${data?.call.id}`, { operationName: 'ClearCall' }, 'olivia');
  await olivia.until((message) => typeOf(message) === 'StatusChange Released');
  await post('/me', { operationName: 'EndContactCenterSession' }, 'olivia');
});

test('a transfer in two steps is told as the documents have it', async () => {
  const bob = await subscribed('bob', '/v2/me/*');
  await dial('bob', '0722000777');
  const { data } = await bob.until(isAnswered('0722000777'));
  const first = data?.call.id;
  const destination = { phoneNumber: '0722000888' };
  await post(`/me/calls/${first}`, { operationName: 'InitiateTransfer', destination }, 'bob');
  const second = (await bob.until(isAnswered('0722000888'))).data?.call;
  const isSecond = ({ data }: Message) => data?.call.id === second?.id;

  await post(`/me/calls/${first}`, { operationName: 'CompleteTransfer' }, 'bob');

  await bob.until((message) => isSecond(message) && message.data?.call.state === 'Released');
  expect(second).toMatchObject({
    callType: 'Consult',
    parentCallUri: `${tandem.url}/api/v2/me/calls/${first}`,
    capabilities: expect.arrayContaining(['CompleteTransfer', 'CompleteConference', 'SwapCalls']),
  });
  const calls = new Set([first, second?.id]);
  const life = bob.received
    .filter((message) => calls.has(message.data?.call.id))
    .map((message) => `${isSecond(message) ? 2 : 1} ${message.data?.call.state}`);
  // The one that waits is told again whenever something else can be done with it.
  const first2 = life.indexOf('2 Dialing');
  expect(life.filter((state, place) => state !== '1 Held' || place < first2)).toEqual([
    '1 Dialing',
    '1 Established',
    '1 Held',
    '2 Dialing',
    '2 Established',
    '1 Released',
    '2 Released',
  ]);
});

test('a call that waits is told to be completable once the consultation is answered, and no more when that ends', async () => {
  const bob = await subscribed('bob', '/v2/me/calls');
  await dial('bob', '0722000777');
  const { data } = await bob.until(isAnswered('0722000777'));
  const first = data?.call.id;
  const destination = { phoneNumber: '0722000888' };
  const lastOf = () =>
    bob.received.filter((message) => message.data?.call.id === first).at(-1)?.data?.call;
  const names = ['CompleteTransfer', 'CompleteConference', 'SwapCalls'];

  await post(`/me/calls/${first}`, { operationName: 'InitiateTransfer', destination }, 'bob');

  await bob.until(() => lastOf()?.capabilities.includes('CompleteTransfer') === true);
  expect(lastOf()).toMatchObject({ state: 'Held', capabilities: expect.arrayContaining(names) });
  const second = (await bob.until(isAnswered('0722000888'))).data?.call;
  await post(`/me/calls/${second?.id}`, { operationName: 'Hangup' }, 'bob');
  await bob.until(() => lastOf()?.capabilities.includes('InitiateTransfer') === true);
  expect(lastOf()?.capabilities).not.toContain('CompleteTransfer');
  await post(`/me/calls/${first}`, { operationName: 'ClearCall' }, 'bob');
});

test('a consultation says the recorded name of the call that it is about', async () => {
  const bob = await subscribed('bob', '/v2/me/calls');
  await dial('bob', '0722000777');
  const { data } = await bob.until(isAnswered('0722000777'));
  const dressed = data?.call.id ?? '';
  const RECORDED = '01RCC3N118B1V0SL807GK2LAES00000B';
  await tandem.database.rows(sql`
    insert into call_identifiers (organization_id, scheme, value, call_id)
    select organization_id, 'GENESYS', ${RECORDED}, id from calls
    where replace(upper(id::text), '-', '') = ${dressed}`);

  const destination = { phoneNumber: '0722000888' };
  await post(`/me/calls/${RECORDED}`, { operationName: 'InitiateTransfer', destination }, 'bob');

  const { data: told } = await bob.until(
    (message) => 'parentCallUri' in (message.data?.call ?? {}),
  );
  expect(told?.call).toMatchObject({
    parentCallUri: `${tandem.url}/api/v2/me/calls/${RECORDED}`,
    parentCallPath: `/calls/${RECORDED}`,
  });
  await post(`/me/calls/${told?.call.id}`, { operationName: 'ClearCall' }, 'bob');
  await post(`/me/calls/${RECORDED}`, { operationName: 'ClearCall' }, 'bob');
});

test('recording, participants and user data have notifications of their own', async () => {
  const bob = await subscribed('bob');
  await dial('bob', '0722000777');
  const { data } = await bob.until(isAnswered('0722000777'));
  const call = `/me/calls/${data?.call.id}`;
  const destination = { phoneNumber: '0722000888' };

  await post(call, { operationName: 'StartCallRecording' }, 'bob');
  await post(call, { operationName: 'SingleStepConference', destination }, 'bob');
  await post(call, { operationName: 'AttachUserData', userData: { crm: '42' } }, 'bob');

  await bob.until((message) => message.data?.notificationType === 'AttachedDataChanged');
  const own = bob.received.filter((message) => message.data?.call.id === data?.call.id);
  const told = own.slice(-3).map((message) => message.data);
  expect(told).toMatchObject([
    { notificationType: 'CallRecordingStateChange', call: { recordingState: 'Recording' } },
    { notificationType: 'ParticipantsUpdated', call: { participants: [{}, {}] } },
    { notificationType: 'AttachedDataChanged', call: { userData: { crm: '42' } } },
  ]);
  await post(call, { operationName: 'ClearCall' }, 'bob');
});

test('of what is pressed during a call nobody is notified', async () => {
  const bob = await subscribed('bob');
  await dial('bob', '0722000777');
  const { data } = await bob.until(isAnswered('0722000777'));
  const [row] = await tandem.database.rows<{ id: string }>(
    sql`select id from calls where replace(upper(id::text), '-', '') = ${data?.call.id}`,
  );

  await pressKeys(tandem.database, row?.id ?? '', '1', '#');
  const call = `/me/calls/${data?.call.id}`;
  await post(call, { operationName: 'AttachUserData', userData: { crm: '42' } }, 'bob');

  await bob.until((message) => typeOf(message)?.startsWith('AttachedDataChanged') === true);
  const own = bob.received.filter((message) => message.data?.call.id === data?.call.id);
  expect(own.slice(-2).map(typeOf)).toEqual([
    'StatusChange Established',
    'AttachedDataChanged Established',
  ]);
  await post(call, { operationName: 'ClearCall' }, 'bob');
});

test('a change of what an agent does is told of its devices and channels', async () => {
  const olivia = await subscribed('olivia', '/**');
  await olivia.connect({ timeout: 0 });

  await post('/me', { operationName: 'StartContactCenterSession' }, 'olivia');

  await olivia.until(({ channel }) => channel === '/v2/me/channels');
  const told = olivia.received.filter(({ channel }) => /devices|channels/.test(channel));
  expect(told).toMatchObject([
    {
      channel: '/v2/me/devices',
      data: { messageType: 'DeviceStateChangeMessage', devices: [{ deviceState: 'Active' }] },
    },
    {
      channel: '/v2/me/channels',
      data: {
        messageType: 'ChannelStateChangeMessageV2',
        channels: [{ userState: { state: 'NotReady' } }],
      },
    },
  ]);
  await post('/me/channels/voice', { operationName: 'Offline' }, 'olivia');
});

test('what becomes of calls to a telephone is told of its devices alone', async () => {
  const alice = await subscribed('alice', '/**');
  await alice.connect({ timeout: 0 });
  const device = '/me/devices/631608b3-ceb1-472b-ba05-2ae39555b0d1';

  await post(device, { operationName: 'ForwardCallsOn', destination: '0722000555' });

  const { data } = await alice.until(({ channel }) => channel === '/v2/me/devices');
  expect(data).toMatchObject({
    messageType: 'DeviceStateChangeMessage',
    devices: expect.arrayContaining([
      expect.objectContaining({ phoneNumber: '15000', forwardTo: '0722000555' }),
    ]),
  });
  await alice.connect({ timeout: 500 });
  expect(alice.received.filter(({ channel }) => channel === '/v2/me/channels')).toEqual([]);
  await post(device, { operationName: 'ForwardCallsOff' });
});

test('a call that is forwarded, or is not to disturb, is no news to whom it was for', async () => {
  const [alice, olivia] = [await subscribed('alice'), await subscribed('olivia')];
  const device = '/me/devices/631608b3-ceb1-472b-ba05-2ae39555b0d1';
  await post(device, { operationName: 'ForwardCallsOn', destination: '0722000555' });
  await dial('olivia', '15000');
  // The demo's own calls come and go besides.
  const isHers = ({ data }: Message) => data?.call.dnis === '15000';
  const isUp = (message: Message) =>
    isHers(message) && typeOf(message) === 'StatusChange Established';
  const { data: forwarded } = await olivia.until(isUp);
  await post(`/me/calls/${forwarded?.call.id}`, { operationName: 'Hangup' }, 'olivia');
  await post(device, { operationName: 'ForwardCallsOff' });
  await post(device, { operationName: 'DoNotDisturbOn' });
  const isOther = (message: Message) =>
    isHers(message) && message.data?.call.id !== forwarded?.call.id;

  await dial('olivia', '15000');

  const { data: refused } = await olivia.until(
    (message) => isOther(message) && typeOf(message) === 'StatusChange Released',
  );
  await alice.connect({ timeout: 500 });
  const ids = [forwarded, refused].map((data) => data?.call.id);
  expect(forwarded?.call).toMatchObject({ participants: [{ phoneNumber: '0722000555' }] });
  expect(olivia.received.filter(isOther).map(typeOf)).toEqual([
    'StatusChange Dialing',
    'StatusChange Released',
  ]);
  expect(alice.received.filter(({ data }) => ids.includes(data?.call.id))).toEqual([]);
  await post(device, { operationName: 'DoNotDisturbOff' });
});

test('the answer comes before what it causes', async () => {
  const order: string[] = [];
  const alice = await subscribed('alice');
  await alice.connect({ timeout: 0 });
  const told = alice.connect().then(() => order.push('notification'));

  const body = { operationName: 'AttachUserData', userData: { turn: String(Math.random()) } };
  await post(`/me/calls/${SEED}`, body).then(() => order.push('answer'));

  await told;
  expect(order).toEqual(['answer', 'notification']);
});

test('a desktop that comes back with its position gets what it missed', async () => {
  const before = await subscribed('alice');
  await post(`/me/calls/${SEED}`, { operationName: 'AttachUserData', userData: { a: '1' } });
  await before.until(({ data }) => data?.notificationType === 'AttachedDataChanged');
  for (const key of ['b', 'c']) {
    const userData = { [key]: String(Math.random()) };
    await post(`/me/calls/${SEED}`, { operationName: 'AttachUserData', userData });
  }

  const after = await subscribed('alice', '/v2/me/calls', { replay: before.replay });

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
  const before = await subscribed('alice');
  await before.connect({ timeout: 0 });
  const replay = elsewhere(before.replay, place);

  const after = await subscribed('alice', '/v2/me/calls', { replay });

  await after.until(({ data }) => data?.call.id === SEED);
  expect(after.replay).not.toBe(replay);
});

test('a desktop with a position beyond what the last transaction told goes on from now', async () => {
  const before = await subscribed('alice');
  await before.connect({ timeout: 0 });
  const replay = elsewhere(before.replay, (xid, id) => `${xid}.${id + 1_000_000n}`);
  const after = await subscribed('alice', '/v2/me/calls', { replay });

  await post(`/me/calls/${SEED}`, { operationName: 'AttachUserData', userData: { late: '1' } });

  const { data } = await after.until((message) => message.data?.call.id === SEED);
  expect(data?.call.userData).toMatchObject({ late: '1' });
});

test.each([
  ['a number', 42],
  ['nothing', ''],
  ['no position', 'nonsense'],
])('a handshake with %s for a position is refused, and says why', async (_name, replay) => {
  const desktop = new Desktop(tandem.url, 'alice');

  const reply = await desktop.handshake({ replay });

  expect(reply).toMatchObject({ successful: false, error: '403::handshake_denied' });
  expect(reply?.ext?.refusal).toMatch(/^ext\.replay .* position/);
});

test('a handshake says how can be polled', async () => {
  const desktop = new Desktop(tandem.url, 'alice');

  const reply = await desktop.handshake();

  expect(reply).toMatchObject({
    supportedConnectionTypes: ['long-polling', 'callback-polling'],
    ext: { replay: expect.any(String) },
  });
});

test('nobody publishes', async () => {
  const alice = await subscribed('alice', '/**');
  const bob = await subscribed('bob', '/**');

  const [reply] = await bob.send({ channel: '/v2/me/calls', data: { forged: true } });

  expect(reply).toMatchObject({ successful: false, error: expect.stringMatching(/^403:/) });
  await alice.connect({ timeout: 0 });
  expect(alice.received).toEqual([]);
});

test('a desktop that sends its password and keeps no cookies is notified', async () => {
  const desktop = new Desktop(tandem.url, 'alice');
  desktop.forgetful();
  await desktop.handshake();
  await desktop.subscribe('/v2/me/calls');

  await post(`/me/calls/${SEED}`, { operationName: 'AttachUserData', userData: { seen: 'yes' } });

  const { data } = await desktop.until(({ data }) => data?.call.id === SEED);
  expect(data?.call.userData).toMatchObject({ seen: 'yes' });
});

test('a session without its cookie is of no use to somebody else', async () => {
  const alice = await subscribed('alice');
  const thief = alice.as('bob');
  thief.forgetful();

  const reply = await thief.connect();

  expect(reply).toMatchObject({ successful: false, error: '402::session_unknown' });
});

test('a session is of no use to somebody else', async () => {
  const alice = await subscribed('alice');
  const thief = alice.as('bob');

  const reply = await thief.connect();

  expect(reply).toMatchObject({ successful: false, error: '402::session_unknown' });
});

test.each([
  ['a handshake', [{ channel: '/meta/handshake', version: '1.0', id: '7' }], 200],
  ['anything else', [{ channel: '/meta/connect', clientId: 'x' }], 403],
])('a stranger’s %s is denied', async (_name, messages, status) => {
  const response = await fetch(`${tandem.url}/api/v2/notifications/handshake`, {
    method: 'POST',
    body: JSON.stringify(messages),
  });

  const text = await response.text();

  expect(response.status).toBe(status);
  expect(text).toContain(status === 200 ? '403::handshake_denied' : 'Access denied');
});

test.each([
  ['cookie', { cookie: 'BAYEUX_BROWSER=constructor' }, {}],
  ['session', {}, { clientId: 'constructor' }],
])('a %s that is called like a property of every object is none', async (_name, headers, more) => {
  const response = await fetch(`${tandem.url}/api/v2/notifications`, {
    method: 'POST',
    headers: { authorization: basic('alice'), ...headers },
    body: JSON.stringify([{ channel: '/meta/handshake', version: '1.0', ...more }]),
  });

  expect(await response.json()).toMatchObject([{ successful: true }]);
  expect(response.headers.getSetCookie().join()).toMatch(/BAYEUX_BROWSER=[0-9a-f]{40}/);
});

test('a script element gets its answer by a call of its function', async () => {
  const message = JSON.stringify([{ channel: '/meta/handshake', version: '1.0' }]);
  const query = new URLSearchParams({ message, jsonp: 'cometd._callback1' });

  const response = await fetch(`${tandem.url}/api/v2/notifications?${query}`, {
    headers: { authorization: basic('alice') },
  });

  expect(response.headers.get('content-type')).toBe('text/javascript;charset=UTF-8');
  expect(await response.text()).toMatch(
    /^\/\*\*\/cometd\._callback1\(\[\{.*"successful":true.*\}\]\)$/,
  );
});

test('a script element hears by a call, too, that it is refused', async () => {
  const message = JSON.stringify([{ channel: '/meta/handshake', version: '1.0' }]);
  const query = new URLSearchParams({ message, jsonp: 'cometd._callback1' });

  const response = await fetch(`${tandem.url}/api/v2/notifications?${query}`);

  expect(await response.text()).toMatch(/^\/\*\*\/cometd\._callback1\(\[.*handshake_denied/);
});

/** Sends a body as it stands, as alice. */
const sendBody = (body: string) =>
  fetch(`${tandem.url}/api/v2/notifications`, {
    method: 'POST',
    headers: { authorization: basic('alice') },
    body,
  });

test.each(['', '{', '[]', '[1]', '[{"channel":"/meta/connect"},1]', '7', 'null'])(
  'what is no message of Bayeux is refused: %s',
  async (body) => {
    const response = await sendBody(body);

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ statusCode: 10 });
  },
);

test.each([
  ['{"id":"1"}', '400::channel_missing'],
  ['[{"id":"1","channel":null}]', '400::channel_missing'],
  ['[{"id":"1","channel":"x"}]', '400::channel_invalid'],
  ['[{"id":"1","channel":"/meta/subscribe","subscription":"x"}]', '403::subscription_invalid'],
  ['[{"id":"1","channel":"/meta/subscribe","subscription":[]}]', '403::subscription_invalid'],
  ['[{"id":"1","channel":"/meta/connect"}]', '402::session_unknown'],
])('a message in which something is wrong is answered: %s', async (body, error) => {
  const response = await sendBody(body);

  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject([{ id: '1', successful: false, error }]);
});

test.each([
  ['as a form', new URLSearchParams({ message: '{"id":"1","channel":"/meta/connect"}' })],
  ['as what curl says that it is', '[{"id":"1","channel":"/meta/connect"}]'],
])('messages may come %s', async (_name, body) => {
  const response = await fetch(`${tandem.url}/api/v2/notifications`, {
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
  const alice = await subscribed('alice');
  const channel = '/meta/subscribe';

  const replies = await alice.send({ channel, subscription: 'x' }, { channel, subscription: '/a' });

  expect(replies).toMatchObject([
    { successful: false, error: '403::subscription_invalid' },
    { successful: true, subscription: '/a' },
  ]);
});

test('what is wrong is answered at once, though a poll came with it', async () => {
  const olivia = await subscribed('olivia', '/v2/me/chats');
  const poll = { channel: '/meta/connect', connectionType: 'long-polling' };

  const replies = await olivia.send({ channel: 'nowhere' }, poll);

  expect(replies).toMatchObject([{ error: '400::channel_invalid' }, { successful: true }]);
});

test('a user has no more than 50 sessions, even if all ask at once', async () => {
  const desktops = Array.from({ length: 60 }, () => new Desktop(tandem.url, 'olivia'));

  const replies = await Promise.all(desktops.map((desktop) => desktop.handshake()));

  const open = replies.filter((reply) => reply?.successful);
  expect(open.length).toBeLessThanOrEqual(50);
  expect(open.length).toBeGreaterThan(0);
});
