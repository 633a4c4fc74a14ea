import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { capabilitiesOf } from '../../src/operations/capabilities.ts';
import { answerCall, holdCall, retrieveCall, sendDtmf } from '../../src/operations/command-call.ts';
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

const stateOf = async (id: string) => {
  await lab.settled();
  return (await lab.row(id))?.state;
};

test('a placed call to an outside number is there at once, rings and connects by itself', async () => {
  const input = { extension: '210', to: OUTSIDE, userData: { crm: '42' } };

  const { callId } = await placeCall(lab.as('alice'), input);

  expect(await lab.row(callId)).toMatchObject({ state: 'DIALING', userData: { crm: '42' } });
  await lab.clock.advance(200);
  expect(await stateOf(callId)).toBe('RINGING');
  await lab.clock.advance(800);
  expect(await stateOf(callId)).toBe('CONNECTED');
});

test.each(['missed-events', 'swapped-events', 'duplicate-events'] as const)(
  'a call is placed and told of in spite of %s',
  async (fault) => {
    lab.exchange.faults.add(fault);

    const { callId } = await placeCall(lab.as('alice'), { extension: '210', to: OUTSIDE });

    expect(await lab.row(callId)).toMatchObject({ state: 'DIALING' });
    expect(lab.exchange.list().calls).toHaveLength(1);
  },
);

test.each([
  ["somebody else's extension", { extension: '220', to: OUTSIDE }, 'EXTENSION_NOT_FOUND'],
  ['what cannot be dialled', { extension: '210', to: 'sip:a@b' }, 'PHONE_NUMBER_INVALID'],
  ['user data with U+0000', { extension: '210', to: '1', userData: { a: '\0' } }, 'BAD_INPUT'],
])('a call from or to %s is refused', async (_name, input, code) => {
  const placing = placeCall(lab.as('alice'), input);

  await expect(placing).rejects.toMatchObject({ code });
  expect(lab.exchange.list().calls).toEqual([]);
});

test('a ringing call is answered', async () => {
  const { callId } = await placeCall(lab.as('olivia'), { extension: '220', to: '210' });
  await lab.clock.advance(200);
  await lab.settled();

  await answerCall(lab.as('alice'), { callId });

  expect(await stateOf(callId)).toBe('CONNECTED');
});

test('a call is put on hold and taken back', async () => {
  const { id: callId } = await lab.adopt([OUTSIDE, numbers.front]);

  await holdCall(lab.as('alice'), { callId });

  expect(await stateOf(callId)).toBe('HELD');
  await retrieveCall(lab.as('alice'), { callId });
  expect(await stateOf(callId)).toBe('CONNECTED');
});

test('digits go into the call', async () => {
  const { id: callId, ref } = await lab.adopt([OUTSIDE, numbers.front]);

  await sendDtmf(lab.as('alice'), { callId, digits: '12#A' });

  expect(lab.exchange.digitsOf(ref)).toBe('12#A');
});

/** Three talk with each other, until one of them holds the call. */
async function heldBy(holder: string) {
  const others = [{ role: 'OTHER', number: '0722000222' }] as const;
  const two = [
    { role: 'CALLER', number: OUTSIDE },
    { role: 'CALLEE', number: numbers.front },
  ] as const;
  const call = await lab.adopt([OUTSIDE, numbers.front], { parties: [...two, ...others] });
  const [carrier] = lab.as('alice').switches.values();
  await carrier?.commands.setHold(call.ref, { number: holder }, true);
  await lab.settled();
  return call;
}

test('digits go to who still talks when a third one holds the call', async () => {
  const { id: callId, ref } = await heldBy('0722000222');

  await sendDtmf(lab.as('alice'), { callId, digits: '12#' });

  expect(lab.exchange.digitsOf(ref)).toBe('12#');
  const call = await findCall(lab.as('alice'), { callId });
  expect(call.state).toBe('HELD');
  expect(capabilitiesOf(lab.as('alice'), call)).toContain('SEND_DTMF');
});

test('no digits are sent by who holds the call himself, though the others talk on', async () => {
  const { id: callId } = await heldBy(numbers.front);

  const sending = sendDtmf(lab.as('alice'), { callId, digits: '1' });

  await expect(sending).rejects.toMatchObject({ code: 'WRONG_STATE' });
});

test('no digits are sent to the only other one when he holds the call', async () => {
  const { id: callId, ref } = await lab.adopt([OUTSIDE, numbers.front]);
  const [carrier] = lab.as('alice').switches.values();
  await carrier?.commands.setHold(ref, { number: OUTSIDE }, true);
  await lab.settled();

  const sending = sendDtmf(lab.as('alice'), { callId, digits: '1' });

  await expect(sending).rejects.toMatchObject({ code: 'WRONG_STATE' });
});

test('a call is transferred: its other party rings through, and one has left oneself', async () => {
  const { id: callId, ref } = await lab.adopt([OUTSIDE, numbers.front]);

  await transferCall(lab.as('alice'), { callId, to: '220' });

  const [call] = lab.exchange.list().calls;
  expect(call).toMatchObject({ ...ref, state: 'CONNECTED' });
  expect(call?.parties).toMatchObject([
    { number: OUTSIDE, state: 'CONNECTED' },
    { number: numbers.front, state: 'ENDED' },
    { number: numbers.boss, state: 'RINGING', role: 'OTHER' },
  ]);
  await lab.clock.advance(6000);
  await lab.settled();
  const rows = await database.client`
    select p.state, e.number from participants p left join extensions e on e.id = p.extension_id
    where call_id = ${callId} order by sequence`;
  expect(rows).toEqual([
    { state: 'CONNECTED', number: null },
    { state: 'ENDED', number: numbers.front },
    { state: 'CONNECTED', number: numbers.boss },
  ]);
});

test.each<[string, () => string, string]>([
  ['what cannot be dialled', () => 'sip:a@b', 'PHONE_NUMBER_INVALID'],
  ['who is in the call already', () => numbers.front, 'BAD_INPUT'],
])('a call is not transferred to %s', async (_, to, code) => {
  const { id: callId, ref } = await lab.adopt([OUTSIDE, numbers.front]);

  const transferring = transferCall(lab.as('alice'), { callId, to: to() });

  await expect(transferring).rejects.toMatchObject({ code });
  expect(lab.exchange.list().calls).toMatchObject([{ ...ref, parties: [{}, {}] }]);
});

test('it is one’s own leg that leaves', async () => {
  const { id: callId } = await lab.adopt([numbers.front, numbers.boss]);

  await transferCall(lab.as('alice'), { callId, to: OUTSIDE });

  const [call] = lab.exchange.list().calls;
  expect(call?.parties.map(({ state }) => state)).toEqual(['ENDED', 'CONNECTED', 'RINGING']);
});

test('what is no digit is refused', async () => {
  const { id: callId } = await lab.adopt([OUTSIDE, numbers.front]);

  const sending = sendDtmf(lab.as('alice'), { callId, digits: '12;3' });

  await expect(sending).rejects.toMatchObject({ code: 'BAD_INPUT' });
});

const COMMANDS = {
  answer: answerCall,
  hold: holdCall,
  retrieve: retrieveCall,
  dtmf: (...[context, input]: Parameters<typeof answerCall>) =>
    sendDtmf(context, { ...input, digits: '1' }),
  transfer: (...[context, input]: Parameters<typeof answerCall>) =>
    transferCall(context, { ...input, to: OUTSIDE }),
};

test.each(Object.entries(COMMANDS))('%s of an ended call is refused', async (_name, command) => {
  const { id: callId, ref } = await lab.adopt([OUTSIDE, numbers.front]);
  lab.exchange.remoteHangup(ref, 'CALLER');
  await lab.settled();

  const commanded = command(lab.as('alice'), { callId });

  await expect(commanded).rejects.toMatchObject({ code: 'WRONG_STATE' });
});

test('a hold that comes too late is refused, though nobody told of the end', async () => {
  const { id: callId, ref } = await lab.adopt([OUTSIDE, numbers.front]);
  lab.exchange.faults.add('missed-events');
  lab.exchange.remoteHangup(ref, 'CALLER');

  const held = holdCall(lab.as('alice'), { callId });

  await expect(held).rejects.toMatchObject({ code: 'WRONG_STATE' });
});

test('what no switch of ours carries cannot be commanded', async () => {
  const { id: callId } = await lab.adopt([OUTSIDE, numbers.front]);
  await database.client`update calls set connector = null where id = ${callId}`;

  const held = holdCall(lab.as('alice'), { callId });

  await expect(held).rejects.toMatchObject({ code: 'NOT_SUPPORTED' });
});
