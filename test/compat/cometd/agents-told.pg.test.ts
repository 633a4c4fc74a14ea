import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Desks, openDesks } from './desks.ts';

let desks: Desks;

beforeAll(async () => {
  desks = await openDesks();
});
afterAll(() => desks[Symbol.asyncDispose]());

test('a change of what an agent does is told of its devices and channels', async () => {
  const olivia = await desks.subscribed('olivia', '/**');
  await olivia.connect({ timeout: 0 });

  await desks.post('/me', { operationName: 'StartContactCenterSession' }, 'olivia');

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
  await desks.post('/me/channels/voice', { operationName: 'Offline' }, 'olivia');
});

test('what becomes of calls to a telephone is told of its devices alone', async () => {
  const alice = await desks.subscribed('alice', '/**');
  await alice.connect({ timeout: 0 });
  const device = '/me/devices/631608b3-ceb1-472b-ba05-2ae39555b0d1';

  await desks.post(device, { operationName: 'ForwardCallsOn', destination: '0722000555' });

  const { data } = await alice.until(({ channel }) => channel === '/v2/me/devices');
  expect(data).toMatchObject({
    messageType: 'DeviceStateChangeMessage',
    devices: expect.arrayContaining([
      expect.objectContaining({ phoneNumber: '15000', forwardTo: '0722000555' }),
    ]),
  });
  await alice.connect({ timeout: 500 });
  expect(alice.received.filter(({ channel }) => channel === '/v2/me/channels')).toEqual([]);
  await desks.post(device, { operationName: 'ForwardCallsOff' });
});
