import { expect, test } from 'vitest';
import { capabilitiesOf } from '../../src/operations/capabilities.ts';
import {
  completeConference,
  completeTransfer,
  consultCall,
} from '../../src/operations/consult-call.ts';
import { findCall } from '../../src/operations/find-call.ts';
import { leaveCall } from '../../src/operations/leave-call.ts';
import { conferenceCall, redirectCall } from '../../src/operations/move-call.ts';
import { swapCalls } from '../../src/operations/swap-calls.ts';
import { eachLab } from '../support/each-lab.ts';
import type { Lab } from '../support/lab.ts';
import { consultAlone, EXPERT, OUTSIDE, partiesIn } from './consultation-scene.ts';

let lab: Lab;
let numbers: Lab['organization']['numbers'];

eachLab((scene) => {
  ({ lab, numbers } = scene);
});

const can = async (callId: string) => {
  const context = lab.as('alice');
  return capabilitiesOf(context, await findCall(context, { callId }));
};

const partiesOf = (callId: string) => partiesIn(lab, callId);
const consulting = (to?: string) => consultAlone(lab, to);

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

/** Alice consults Olivia about a customer, and Olivia an expert in turn. */
async function consultingOneWhoConsults() {
  const { callId, consultationId } = await consulting(numbers.boss);
  await consultCall(lab.as('olivia'), { callId: consultationId, to: EXPERT });
  await lab.clock.advance(1000);
  await lab.settled();
  return { callId, consultationId };
}

test.each([
  ['put through to', completeTransfer],
  ['joined by', completeConference],
])('a call is not %s who consults in turn, and nothing changes', async (_name, complete) => {
  const { callId } = await consultingOneWhoConsults();
  const before = lab.exchange.list().calls;

  const completing = complete(lab.as('alice'), { callId });

  await expect(completing).rejects.toMatchObject({ code: 'WRONG_STATE' });
  expect(lab.exchange.list().calls).toEqual(before);
});

test('nothing can be completed with who consults somebody in turn', async () => {
  const { callId, consultationId } = await consultingOneWhoConsults();

  const both = [...(await can(callId)), ...(await can(consultationId))];

  expect(both.filter((one) => one.startsWith('COMPLETE'))).toEqual([]);
  expect(both).toContain('SWAP');
});

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

test('the two calls of a consultation are swapped', async () => {
  const { callId, consultationId } = await consulting();

  await swapCalls(lab.as('alice'), { callId: consultationId });

  expect(await lab.row(callId)).toMatchObject({ state: 'CONNECTED' });
  expect(await lab.row(consultationId)).toMatchObject({ state: 'HELD' });
});

test('a call is swapped with another one that the same telephone holds', async () => {
  const { id: callId } = await lab.adopt([OUTSIDE, numbers.front]);
  const { id: other } = await lab.adopt([EXPERT, numbers.front], { state: 'HELD' });

  await swapCalls(lab.as('alice'), { callId, other: { callId: other } });

  expect(await partiesOf(callId)).toContain(`${numbers.front} HELD`);
  expect(await partiesOf(other)).toContain(`${numbers.front} CONNECTED`);
});

test.each([
  ['talks in the one and holds the other', 'CONNECTED', 'HELD'],
  ['holds the one and talks in the other', 'HELD', 'CONNECTED'],
] as const)('the telephone swaps that %s, and no other of the same user', async (_, now, then) => {
  const party = (number: string, state: 'CONNECTED' | 'HELD') => ({
    ...{ role: 'OTHER' as const, number, state },
  });
  const { id: callId } = await lab.adopt([OUTSIDE, numbers.front], {
    parties: [
      party(OUTSIDE, 'CONNECTED'),
      party(numbers.desk, 'CONNECTED'),
      party(numbers.front, now),
    ],
  });
  const { id: other } = await lab.adopt([EXPERT, numbers.front], {
    parties: [party(EXPERT, 'CONNECTED'), party(numbers.front, then)],
  });

  await swapCalls(lab.as('alice'), { callId, other: { callId: other } });

  expect(await partiesOf(callId)).toEqual([
    `${OUTSIDE} CONNECTED`,
    `${numbers.desk} CONNECTED`,
    `${numbers.front} ${then}`,
  ]);
  expect(await partiesOf(other)).toContain(`${numbers.front} ${now}`);
});

test.each([
  ['another telephone holds', 'desk', 'HELD'],
  ['nobody holds', 'front', 'RINGING'],
] as const)('a call is not swapped with one that %s', async (_name, telephone, state) => {
  const { id: callId } = await lab.adopt([OUTSIDE, numbers.front]);
  const { id: other } = await lab.adopt([EXPERT, numbers[telephone]], { state });

  const swapping = swapCalls(lab.as('alice'), { callId, other: { callId: other } });

  await expect(swapping).rejects.toMatchObject({ code: 'WRONG_STATE' });
  expect(await partiesOf(callId)).toContain(`${numbers.front} CONNECTED`);
  expect(await partiesOf(other)).toContain(`${numbers[telephone]} ${state}`);
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
