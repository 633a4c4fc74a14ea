import { expect, test } from 'vitest';
import { findCall } from '../../src/operations/find-call.ts';
import { leaveCall } from '../../src/operations/leave-call.ts';
import { conferenceCall } from '../../src/operations/move-call.ts';
import { eachLab } from '../support/each-lab.ts';
import type { Lab } from '../support/lab.ts';

const OUTSIDE = '0722000111';
const EXPERT = '0722000222';

let lab: Lab;
let numbers: Lab['organization']['numbers'];

eachLab((scene) => {
  ({ lab, numbers } = scene);
});

const partiesOf = async (callId: string) => {
  await lab.settled();
  const { participants = [] } = await findCall(lab.as('alice'), { callId });
  return participants.map(({ number, state }) => `${number} ${state}`);
};

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
