import { expect, test } from 'vitest';
import { answerCall, holdCall } from '../../src/operations/command-call.ts';
import {
  completeConference,
  completeTransfer,
  consultCall,
} from '../../src/operations/consult-call.ts';
import { hangupPhoneCall } from '../../src/operations/hangup-phone-call.ts';
import { monitorCall } from '../../src/operations/listen-to-call.ts';
import { conferenceCall } from '../../src/operations/move-call.ts';
import { eachLab } from '../support/each-lab.ts';
import type { Lab } from '../support/lab.ts';
import { consultAlone, EXPERT, OUTSIDE, partiesIn } from './consultation-scene.ts';

let lab: Lab;
let numbers: Lab['organization']['numbers'];

eachLab((scene) => {
  ({ lab, numbers } = scene);
});

const partiesOf = (callId: string) => partiesIn(lab, callId);
const consulting = (to?: string) => consultAlone(lab, to);

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
