import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { capabilitiesOf } from '../../src/operations/capabilities.ts';
import { answerCall, holdCall } from '../../src/operations/command-call.ts';
import {
  completeConference,
  completeTransfer,
  consultCall,
} from '../../src/operations/consult-call.ts';
import { findCall } from '../../src/operations/find-call.ts';
import { hangupPhoneCall } from '../../src/operations/hangup-phone-call.ts';
import { leaveCall } from '../../src/operations/leave-call.ts';
import { monitorCall } from '../../src/operations/listen-to-call.ts';
import { conferenceCall, redirectCall } from '../../src/operations/move-call.ts';
import {
  pauseRecording,
  resumeRecording,
  startRecording,
  stopRecording,
} from '../../src/operations/record-media.ts';
import { swapCalls } from '../../src/operations/swap-calls.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { type Lab, openLab } from '../support/lab.ts';

const OUTSIDE = '0722000111';
const EXPERT = '0722000222';

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

const can = async (callId: string) => {
  const context = lab.as('alice');
  return capabilitiesOf(context, await findCall(context, { callId }));
};

const partiesOf = async (callId: string) => {
  await lab.settled();
  const { participants = [] } = await findCall(lab.as('alice'), { callId });
  return participants.map(({ number, state }) => `${number} ${state}`);
};

/** Alice talks with an expert about a customer who waits. */
async function consulting(to = EXPERT) {
  const { id: callId } = await lab.adopt([OUTSIDE, numbers.front], { userData: { crm: '42' } });
  const input = { callId, to, userData: { why: 'price' } };
  const { consultationId } = await consultCall(lab.as('alice'), input);
  await lab.clock.advance(to === EXPERT ? 1000 : 6000);
  await lab.settled();
  return { callId, consultationId };
}

test('somebody is consulted while the call waits', async () => {
  const { callId, consultationId } = await consulting();

  const second = await findCall(lab.as('alice'), { callId: consultationId });

  expect(second).toMatchObject({ callType: 'CONSULT', parentId: callId, state: 'CONNECTED' });
  expect(second.userData).toEqual({ crm: '42', why: 'price' });
  expect(await lab.row(callId)).toMatchObject({ state: 'HELD' });
});

/** Alice, whom Olivia consults about a customer, consults an expert in turn. */
async function consultedInTurn() {
  const { id } = await lab.adopt([OUTSIDE, numbers.boss]);
  const about = { callId: id, to: numbers.front };
  const { consultationId: callId } = await consultCall(lab.as('olivia'), about);
  await lab.clock.advance(6000);
  await lab.settled();
  const { consultationId } = await consultCall(lab.as('alice'), { callId, to: EXPERT });
  await lab.clock.advance(1000);
  await lab.settled();
  return { callId, consultationId };
}

test('who is consulted, and consults in turn, can complete and swap that', async () => {
  const { callId } = await consultedInTurn();

  const capabilities = await can(callId);

  expect(capabilities).toEqual(
    expect.arrayContaining(['COMPLETE_TRANSFER', 'COMPLETE_CONFERENCE', 'SWAP']),
  );
});

test('who is consulted, and consults in turn, swaps these two', async () => {
  const { callId, consultationId } = await consultedInTurn();

  await swapCalls(lab.as('alice'), { callId });

  expect(await partiesOf(callId)).toContain(`${numbers.front} CONNECTED`);
  expect(await partiesOf(consultationId)).toContain(`${numbers.front} HELD`);
});

test('who has left the call to the others completes nothing by its consultation', async () => {
  const { id: callId } = await lab.adopt([OUTSIDE, numbers.front]);
  await conferenceCall(lab.as('alice'), { callId, to: EXPERT });
  await lab.clock.advance(1000);
  const { consultationId } = await consultCall(lab.as('alice'), { callId, to: numbers.boss });
  await lab.clock.advance(6000);
  await lab.settled();
  const before = await can(consultationId);
  await leaveCall(lab.as('alice'), { callId });

  const after = await can(consultationId);

  expect(before).toEqual(expect.arrayContaining(['COMPLETE_TRANSFER', 'COMPLETE_CONFERENCE']));
  expect(after.filter((one) => one.startsWith('COMPLETE') || one === 'SWAP')).toEqual([]);
});

test('a call is put through to who was consulted', async () => {
  const { callId, consultationId } = await consulting();

  const receipt = await completeTransfer(lab.as('alice'), { callId: consultationId });

  expect(receipt).toEqual({ callId });
  expect(await partiesOf(callId)).toEqual([
    `${OUTSIDE} CONNECTED`,
    `${numbers.front} ENDED`,
    `${EXPERT} CONNECTED`,
  ]);
  expect(await lab.row(consultationId)).toMatchObject({ state: 'ENDED' });
});

test('who was consulted joins the call that is named by itself', async () => {
  const { callId, consultationId } = await consulting();

  await completeConference(lab.as('alice'), { callId });

  expect(await partiesOf(callId)).toEqual([
    `${OUTSIDE} CONNECTED`,
    `${numbers.front} CONNECTED`,
    `${EXPERT} CONNECTED`,
  ]);
  expect(await lab.row(consultationId)).toMatchObject({ state: 'ENDED' });
});

test('a telephone that is in the call already is in it once when both become one', async () => {
  const { callId, consultationId } = await consulting(numbers.boss);
  await conferenceCall(lab.as('alice'), { callId, to: numbers.boss });

  await completeConference(lab.as('alice'), { callId: consultationId });

  expect(await partiesOf(callId)).toEqual([
    `${OUTSIDE} CONNECTED`,
    `${numbers.front} CONNECTED`,
    `${numbers.boss} CONNECTED`,
  ]);
});

test('two outside who have one number are two when both calls become one', async () => {
  const { callId, consultationId } = await consulting(EXPERT);
  await conferenceCall(lab.as('alice'), { callId, to: EXPERT });

  await completeConference(lab.as('alice'), { callId: consultationId });

  expect((await partiesOf(callId)).filter((leg) => leg.startsWith(EXPERT))).toHaveLength(2);
});

test('a telephone that two call into the call at once is in it once', async () => {
  const { id: callId } = await lab.adopt([OUTSIDE, numbers.front]);
  const input = { callId, to: numbers.boss };

  const outcomes = await Promise.allSettled([
    conferenceCall(lab.as('alice'), input),
    conferenceCall(lab.as('alice'), input),
  ]);

  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(await partiesOf(callId)).toHaveLength(3);
});

test('whoever listened to the call and was consulted about it talks in it, once', async () => {
  const { id: callId } = await lab.adopt([OUTSIDE, numbers.front]);
  const { consultationId } = await consultCall(lab.as('alice'), { callId, to: numbers.boss });
  await lab.clock.advance(6000);
  await monitorCall(lab.as('olivia'), { callId, to: numbers.boss });
  await lab.settled();

  await completeConference(lab.as('alice'), { callId: consultationId });

  expect((await partiesOf(callId)).slice(2)).toEqual([
    `${numbers.boss} ENDED`,
    `${numbers.boss} CONNECTED`,
  ]);
});

test('whoever has a telephone in the call commands that one, whatever the others do', async () => {
  const { id: callId } = await lab.adopt([OUTSIDE, numbers.boss]);
  const olivia = lab.as('olivia');
  await holdCall(olivia, { callId });
  await lab.settled();

  const again = holdCall(olivia, { callId });

  await expect(again).rejects.toMatchObject({ code: 'WRONG_STATE' });
});

test('who is put through to himself talks with nobody', async () => {
  const { callId, consultationId } = await consulting(numbers.boss);
  await conferenceCall(lab.as('alice'), { callId, to: numbers.boss });
  await hangupPhoneCall(lab.as('alice'), { callId, phoneNumber: OUTSIDE });

  await completeTransfer(lab.as('alice'), { callId: consultationId });

  await lab.settled();
  expect(await lab.row(callId)).toMatchObject({ state: 'ENDED' });
  expect(await lab.row(consultationId)).toMatchObject({ state: 'ENDED' });
});

test('the consultation that is named is completed, and no other call', async () => {
  const { callId, consultationId } = await consulting();
  const { id: other } = await lab.adopt([OUTSIDE, numbers.desk]);
  const alice = lab.as('alice');

  const wrong = completeTransfer(alice, { callId, consultation: { callId: other } });

  await expect(wrong).rejects.toMatchObject({ code: 'WRONG_STATE' });
  expect(await lab.row(consultationId)).toMatchObject({ state: 'CONNECTED' });
  await completeTransfer(alice, { callId, consultation: { callId: consultationId } });
  expect(await lab.row(consultationId)).toMatchObject({ state: 'ENDED' });
});

test('who is consulted does not put the call through', async () => {
  const { id: callId } = await lab.adopt([OUTSIDE, numbers.boss]);
  const input = { callId, to: numbers.front };
  const { consultationId } = await consultCall(lab.as('olivia'), input);
  await lab.clock.advance(1000);
  await lab.settled();
  await answerCall(lab.as('alice'), { callId: consultationId });

  const completing = completeTransfer(lab.as('alice'), { callId: consultationId });

  await expect(completing).rejects.toMatchObject({ code: 'WRONG_STATE' });
  expect(await lab.row(consultationId)).toMatchObject({ state: 'CONNECTED' });
});

test('the two calls of a consultation are swapped', async () => {
  const { callId, consultationId } = await consulting();

  await swapCalls(lab.as('alice'), { callId: consultationId });

  expect(await lab.row(callId)).toMatchObject({ state: 'CONNECTED' });
  expect(await lab.row(consultationId)).toMatchObject({ state: 'HELD' });
});

test('both calls of a consultation can be completed, and nobody else is consulted', async () => {
  const { callId, consultationId } = await consulting();

  const [first, second] = [await can(callId), await can(consultationId)];

  const both = ['COMPLETE_TRANSFER', 'COMPLETE_CONFERENCE', 'SWAP'];
  expect(first).toEqual(expect.arrayContaining(both));
  expect(second).toEqual(expect.arrayContaining(both));
  expect(first).not.toContain('CONSULT');
});

test('what cannot be done is no capability', async () => {
  const { id: callId } = await lab.adopt([OUTSIDE, numbers.front]);

  const capabilities = await can(callId);

  expect(capabilities).not.toContain('COMPLETE_TRANSFER');
  expect(capabilities).not.toContain('REDIRECT');
});

test.each([
  ['transfer', completeTransfer],
  ['conference', completeConference],
])('a %s that nobody was consulted about is refused', async (_name, complete) => {
  const { id: callId } = await lab.adopt([OUTSIDE, numbers.front]);

  const completing = complete(lab.as('alice'), { callId });

  await expect(completing).rejects.toMatchObject({ code: 'WRONG_STATE' });
});

test('nobody is consulted by a leg that does not talk', async () => {
  const { id: callId } = await lab.adopt([OUTSIDE, numbers.front], { state: 'RINGING' });

  const consulted = consultCall(lab.as('alice'), { callId, to: EXPERT });

  await expect(consulted).rejects.toMatchObject({ code: 'WRONG_STATE' });
  expect(lab.exchange.list().calls).toHaveLength(1);
});

test('somebody is called into the call', async () => {
  const { id: callId } = await lab.adopt([OUTSIDE, numbers.front]);

  await conferenceCall(lab.as('alice'), { callId, to: EXPERT, userData: { why: 'price' } });

  await lab.clock.advance(1000);
  expect(await partiesOf(callId)).toEqual([
    `${OUTSIDE} CONNECTED`,
    `${numbers.front} CONNECTED`,
    `${EXPERT} CONNECTED`,
  ]);
  expect(await lab.row(callId)).toMatchObject({ userData: { why: 'price' } });
});

test('user data that is refused leaves the call where it is', async () => {
  const { id: callId } = await lab.adopt([OUTSIDE, numbers.front]);

  const moved = conferenceCall(lab.as('alice'), { callId, to: EXPERT, userData: { '': 'x' } });

  await expect(moved).rejects.toMatchObject({ code: 'BAD_INPUT' });
  expect(await partiesOf(callId)).toHaveLength(2);
});

test('a ringing call rings elsewhere', async () => {
  const { id: callId } = await lab.adopt([OUTSIDE, numbers.front], { state: 'RINGING' });

  await redirectCall(lab.as('alice'), { callId, to: '220' });

  expect((await partiesOf(callId)).slice(1)).toEqual([
    `${numbers.front} ENDED`,
    `${numbers.boss} RINGING`,
  ]);
});

test('who leaves a call of three leaves the other two', async () => {
  const { id: callId } = await lab.adopt([OUTSIDE, numbers.front]);
  await conferenceCall(lab.as('alice'), { callId, to: EXPERT });

  await leaveCall(lab.as('alice'), { callId });

  expect((await partiesOf(callId))[1]).toBe(`${numbers.front} ENDED`);
  expect(await lab.row(callId)).toMatchObject({ state: 'CONNECTED' });
});

test('a telephone that a switch has in a call twice leaves it altogether', async () => {
  const parties = [OUTSIDE, numbers.front, EXPERT, numbers.front].map((number, index) => ({
    ...{ number, role: index === 0 ? ('CALLER' as const) : ('OTHER' as const) },
  }));
  const { id: callId } = await lab.adopt([OUTSIDE, numbers.front], { parties });

  await leaveCall(lab.as('alice'), { callId });

  expect(await partiesOf(callId)).toEqual([
    `${OUTSIDE} CONNECTED`,
    `${numbers.front} ENDED`,
    `${EXPERT} CONNECTED`,
    `${numbers.front} ENDED`,
  ]);
});

test('who leaves hangs up his telephone, and not what else of his is in the call', async () => {
  const parties = [OUTSIDE, numbers.mailbox, numbers.front].map((number, index) => ({
    ...{ number, role: index === 0 ? ('CALLER' as const) : ('OTHER' as const) },
  }));
  const { id: callId } = await lab.adopt([OUTSIDE, numbers.front], { parties });

  await leaveCall(lab.as('alice'), { callId });

  expect(await partiesOf(callId)).toEqual([
    `${OUTSIDE} CONNECTED`,
    `${numbers.mailbox} CONNECTED`,
    `${numbers.front} ENDED`,
  ]);
});

test('who moves a call to another telephone of his own leaves it with the first alone', async () => {
  const { id: callId } = await lab.adopt([OUTSIDE, numbers.front]);
  await conferenceCall(lab.as('alice'), { callId, to: numbers.desk });
  await lab.clock.advance(6000);
  await lab.settled();

  await leaveCall(lab.as('alice'), { callId });

  expect(await partiesOf(callId)).toEqual([
    `${OUTSIDE} CONNECTED`,
    `${numbers.front} ENDED`,
    `${numbers.desk} CONNECTED`,
  ]);
});

test('who leaves a call of two that has just become one of three leaves it alone', async () => {
  const { id: callId, ref } = await lab.adopt([OUTSIDE, numbers.front]);
  lab.exchange.faults.add('missed-events');
  await conferenceCall(lab.as('alice'), { callId, to: EXPERT });
  await lab.clock.advance(1000);

  await leaveCall(lab.as('alice'), { callId });

  const call = lab.exchange.lookUp(ref);
  expect(call?.parties.map(({ state }) => state)).toEqual(['CONNECTED', 'ENDED', 'CONNECTED']);
});

test('who leaves a call of two ends it', async () => {
  const { id: callId } = await lab.adopt([OUTSIDE, numbers.front]);

  await leaveCall(lab.as('alice'), { callId });

  expect(await lab.row(callId)).toMatchObject({ state: 'ENDED' });
});

test('a recording is started, paused, resumed and stopped', async () => {
  const { id: callId } = await lab.adopt([OUTSIDE, numbers.front]);
  const states: string[] = [];

  for (const step of [startRecording, pauseRecording, resumeRecording, stopRecording]) {
    await step(lab.as('alice'), { callId });
    states.push((await findCall(lab.as('alice'), { callId })).recordingState);
  }

  expect(states).toEqual(['RECORDING', 'PAUSED', 'RECORDING', 'STOPPED']);
});

test('what is so already is refused, unless it is only wanted if needed', async () => {
  const { id: callId } = await lab.adopt([OUTSIDE, numbers.front]);
  await startRecording(lab.as('alice'), { callId });
  await pauseRecording(lab.as('alice'), { callId });

  const again = await Promise.allSettled([
    pauseRecording(lab.as('alice'), { callId, ifNeeded: true }),
    pauseRecording(lab.as('alice'), { callId }),
  ]);

  expect(again).toMatchObject([{ value: { callId } }, { reason: { code: 'WRONG_STATE' } }]);
});

test.each([
  ['stop', stopRecording],
  ['pause', pauseRecording],
  ['resume', resumeRecording],
])('the %s of a recording that is none is refused', async (_name, step) => {
  const { id: callId } = await lab.adopt([OUTSIDE, numbers.front]);

  const done = step(lab.as('alice'), { callId });

  await expect(done).rejects.toMatchObject({ code: 'WRONG_STATE' });
});
