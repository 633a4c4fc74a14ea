import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { holdCall } from '../../src/operations/command-call.ts';
import { findCall } from '../../src/operations/find-call.ts';
import { transferCall } from '../../src/operations/move-call.ts';
import { placeCall } from '../../src/operations/place-call.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { type Lab, openLab } from '../support/lab.ts';

const OUTSIDE = '0722000111';

let database: FreshDatabase;
let lab: Lab;
let numbers: Lab['organization']['numbers'];

beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(async () => {
  lab = await openLab(database);
  numbers = lab.organization.numbers;
});
afterEach(() => lab[Symbol.asyncDispose]());

const partiesOf = async (callId: string) => {
  await lab.settled();
  const { participants = [] } = await findCall(lab.as('olivia'), { callId });
  return participants.map(({ number, name, state }) => ({ number, name, state }));
};

test.each(['00', '01'])(
  'of two legs of one’s own, %s is held when it is named',
  async (participant) => {
    const { id: callId } = await lab.adopt([numbers.front, numbers.desk]);

    await holdCall(lab.as('alice'), { callId, participant });

    const held = (await partiesOf(callId)).findIndex(({ state }) => state === 'HELD');
    expect(held).toBe(Number(participant));
  },
);

test('whoever owns the organization commands the leg of one of its users', async () => {
  const { id: callId } = await lab.adopt([numbers.boss, numbers.front]);

  await holdCall(lab.as('olivia'), { callId, participant: '01' });

  expect((await partiesOf(callId)).map(({ state }) => state)).toEqual(['CONNECTED', 'HELD']);
});

test.each([
  ['a colleague’s', '00', 'WRONG_STATE'],
  ['nobody’s', '07', 'BAD_INPUT'],
])('a leg is refused that is %s', async (_, participant, code) => {
  const { id: callId } = await lab.adopt([numbers.boss, numbers.front]);

  const holding = holdCall(lab.as('alice'), { callId, participant });

  await expect(holding).rejects.toMatchObject({ code });
  expect((await partiesOf(callId)).map(({ state }) => state)).toEqual(['CONNECTED', 'CONNECTED']);
});

test('a call goes to the voicemail of whoever owns the extension', async () => {
  const { id: callId } = await lab.adopt([OUTSIDE, numbers.boss]);

  await transferCall(lab.as('olivia'), { callId, to: numbers.front, toVoicemail: true });

  const ringing = (await partiesOf(callId)).filter(({ state }) => state === 'RINGING');
  expect(ringing.map(({ number }) => number)).toEqual([numbers.mailbox]);
});

test.each([
  ['who has none', () => numbers.boss, 'NOT_SUPPORTED'],
  ['who is outside', () => OUTSIDE, 'EXTENSION_NOT_FOUND'],
])('a call does not go to the voicemail of somebody %s', async (_, to, code) => {
  const { id: callId } = await lab.adopt(['0722000222', numbers.front]);

  const transferring = transferCall(lab.as('alice'), { callId, to: to(), toVoicemail: true });

  await expect(transferring).rejects.toMatchObject({ code });
  expect((await partiesOf(callId)).map(({ state }) => state)).toEqual(['CONNECTED', 'CONNECTED']);
});

test('a call that nobody answers in the given time ends', async () => {
  const input = { extension: numbers.front, to: numbers.boss, ringSeconds: 3, callerName: 'Zoë' };
  const { callId } = await placeCall(lab.as('alice'), input);
  const [caller] = await partiesOf(callId);

  await lab.clock.advance(3000);

  await lab.settled();
  expect(await lab.row(callId)).toMatchObject({ state: 'ENDED', disposition: 'NO_ANSWER' });
  expect(caller?.name).toBe('Zoë');
});

test('a call that has lasted as long as it may ends', async () => {
  const input = { extension: numbers.front, to: OUTSIDE, maxSeconds: 60 };
  const { callId } = await placeCall(lab.as('alice'), input);

  await lab.clock.advance(60_000);

  await lab.settled();
  expect(await lab.row(callId)).toMatchObject({ state: 'ENDED', disposition: 'ANSWERED' });
});

test.each([
  ['rings no time', { ringSeconds: 0 }],
  ['rings for ever', { ringSeconds: 301 }],
  ['lasts no time', { maxSeconds: 0 }],
  ['lasts for days', { maxSeconds: 86_401 }],
  ['has a name that ends its header', { callerName: 'Eve" <1>' }],
  ['has an empty name', { callerName: '' }],
])('no call is placed that %s', async (_, manner) => {
  const input = { extension: numbers.front, to: OUTSIDE, ...manner };

  await expect(placeCall(lab.as('alice'), input)).rejects.toMatchObject({ code: 'BAD_INPUT' });

  expect(lab.exchange.list().calls).toEqual([]);
});

test('no call is placed from an extension of another owner than was named', async () => {
  const input = { owner: '@me', extension: numbers.boss, to: OUTSIDE };

  const placing = placeCall(lab.as('alice'), input);

  await expect(placing).rejects.toMatchObject({ code: 'EXTENSION_NOT_FOUND' });
});
