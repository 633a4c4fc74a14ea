import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pressKeys } from '../../support/press.ts';
import { type Desks, isAnswered, openDesks, SEED, typeOf } from './desks.ts';
import type { Message } from './desktop.ts';

let desks: Desks;

beforeAll(async () => {
  desks = await openDesks();
});
afterAll(() => desks[Symbol.asyncDispose]());

test('the seed’s request gives its notification, field for field', async () => {
  const desktop = await desks.subscribed('alice');

  const answer = await desks.post(`/me/calls/${SEED}`, { operationName: 'DeleteUserData' });

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
        deviceUri: `${desks.url}/api/v2/devices/631608b3-ceb1-472b-ba05-2ae39555b0d1`,
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
        uri: `${desks.url}/api/v2/me/calls/${SEED}`,
        path: `/calls/${SEED}`,
      },
      phoneNumber: '15000',
      messageType: 'CallStateChangeMessage',
    },
    channel: '/v2/me/calls',
  });
});

test('a call in a session rings until it is answered', async () => {
  await desks.post(
    '/me',
    { operationName: 'StartContactCenterSession', channels: ['voice'] },
    'olivia',
  );
  const olivia = await desks.subscribed('olivia');
  await desks.dial('alice', '15001');
  const { data } = await olivia.until((message) => typeOf(message) === 'StatusChange Ringing');

  await desks.post(`/me/calls/${data?.call.id}`, { operationName: 'Answer' }, 'olivia');

  await olivia.until((message) => typeOf(message) === 'StatusChange Established');
  await desks.post(`/me/calls/${data?.call.id}`, { operationName: 'Hangup' }, 'olivia');
  await olivia.until((message) => typeOf(message) === 'StatusChange Released');
  const life = olivia.received.filter((message) => message.data?.call.id === data?.call.id);
  expect(life.map(typeOf)).toEqual([
    'StatusChange Ringing',
    'StatusChange Established',
    'StatusChange Released',
  ]);
  await desks.post('/me', { operationName: 'EndContactCenterSession' }, 'olivia');
});

test('a call that rings cannot be hung up but cleared, as its capabilities say', async () => {
  await desks.post(
    '/me',
    { operationName: 'StartContactCenterSession', channels: ['voice'] },
    'olivia',
  );
  const olivia = await desks.subscribed('olivia');
  await desks.dial('alice', '15001');
  const { data } = await olivia.until((message) => typeOf(message) === 'StatusChange Ringing');

  const answer = await desks.post(
    `/me/calls/${data?.call.id}`,
    { operationName: 'Hangup' },
    'olivia',
  );

  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ statusCode: 2 });
  await desks.post(`/me/calls/${data?.call.id}`, { operationName: 'ClearCall' }, 'olivia');
  await olivia.until((message) => typeOf(message) === 'StatusChange Released');
  await desks.post('/me', { operationName: 'EndContactCenterSession' }, 'olivia');
});

test('recording, participants and user data have notifications of their own', async () => {
  const bob = await desks.subscribed('bob');
  await desks.dial('bob', '0722000777');
  const { data } = await bob.until(isAnswered('0722000777'));
  const call = `/me/calls/${data?.call.id}`;
  const destination = { phoneNumber: '0722000888' };

  await desks.post(call, { operationName: 'StartCallRecording' }, 'bob');
  await desks.post(call, { operationName: 'SingleStepConference', destination }, 'bob');
  await desks.post(call, { operationName: 'AttachUserData', userData: { crm: '42' } }, 'bob');

  await bob.until((message) => message.data?.notificationType === 'AttachedDataChanged');
  const own = bob.received.filter((message) => message.data?.call.id === data?.call.id);
  const told = own.slice(-3).map((message) => message.data);
  expect(told).toMatchObject([
    { notificationType: 'CallRecordingStateChange', call: { recordingState: 'Recording' } },
    { notificationType: 'ParticipantsUpdated', call: { participants: [{}, {}] } },
    { notificationType: 'AttachedDataChanged', call: { userData: { crm: '42' } } },
  ]);
  await desks.post(call, { operationName: 'ClearCall' }, 'bob');
});

test('of what is pressed during a call nobody is notified', async () => {
  const bob = await desks.subscribed('bob');
  await desks.dial('bob', '0722000777');
  const { data } = await bob.until(isAnswered('0722000777'));
  const [row] = await desks.database.rows<{ id: string }>(
    sql`select id from calls where replace(upper(id::text), '-', '') = ${data?.call.id}`,
  );

  await pressKeys(desks.database, row?.id ?? '', '1', '#');
  const call = `/me/calls/${data?.call.id}`;
  await desks.post(call, { operationName: 'AttachUserData', userData: { crm: '42' } }, 'bob');

  await bob.until((message) => typeOf(message)?.startsWith('AttachedDataChanged') === true);
  const own = bob.received.filter((message) => message.data?.call.id === data?.call.id);
  expect(own.slice(-2).map(typeOf)).toEqual([
    'StatusChange Established',
    'AttachedDataChanged Established',
  ]);
  await desks.post(call, { operationName: 'ClearCall' }, 'bob');
});

test('a call that is forwarded, or is not to disturb, is no news to whom it was for', async () => {
  const [alice, olivia] = [await desks.subscribed('alice'), await desks.subscribed('olivia')];
  const device = '/me/devices/631608b3-ceb1-472b-ba05-2ae39555b0d1';
  await desks.post(device, { operationName: 'ForwardCallsOn', destination: '0722000555' });
  await desks.dial('olivia', '15000');
  // The demo's own calls come and go besides.
  const isHers = ({ data }: Message) => data?.call.dnis === '15000';
  const isUp = (message: Message) =>
    isHers(message) && typeOf(message) === 'StatusChange Established';
  const { data: forwarded } = await olivia.until(isUp);
  await desks.post(`/me/calls/${forwarded?.call.id}`, { operationName: 'Hangup' }, 'olivia');
  await desks.post(device, { operationName: 'ForwardCallsOff' });
  await desks.post(device, { operationName: 'DoNotDisturbOn' });
  const isOther = (message: Message) =>
    isHers(message) && message.data?.call.id !== forwarded?.call.id;

  await desks.dial('olivia', '15000');

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
  await desks.post(device, { operationName: 'DoNotDisturbOff' });
});

test('the answer comes before what it causes', async () => {
  const order: string[] = [];
  const alice = await desks.subscribed('alice');
  await alice.connect({ timeout: 0 });
  const told = alice.connect().then(() => order.push('notification'));

  const body = { operationName: 'AttachUserData', userData: { turn: String(Math.random()) } };
  await desks.post(`/me/calls/${SEED}`, body).then(() => order.push('answer'));

  await told;
  expect(order).toEqual(['answer', 'notification']);
});
