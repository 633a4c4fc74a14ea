import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { capabilitiesOf } from '../../src/operations/capabilities.ts';
import { answerCall } from '../../src/operations/command-call.ts';
import { findCall } from '../../src/operations/find-call.ts';
import { conferenceCall } from '../../src/operations/move-call.ts';
import { removeParticipant } from '../../src/operations/remove-participant.ts';
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

/** Alice, a customer, and olivia, whom alice has called into it. */
async function conference(): Promise<string> {
  const { id: callId } = await lab.adopt([OUTSIDE, numbers.front]);
  await conferenceCall(lab.as('alice'), { callId, to: numbers.boss });
  await lab.settled();
  await answerCall(lab.as('olivia'), { callId });
  return callId;
}

const partiesOf = async (callId: string) => {
  const { participants = [] } = await findCall(lab.as('alice'), { callId });
  return participants.map(({ number, state }) => `${number} ${state}`);
};

test('somebody is taken out of a conference, and the others go on', async () => {
  const callId = await conference();

  await removeParticipant(lab.as('alice'), { callId, number: numbers.boss });

  expect(await partiesOf(callId)).toEqual([
    `${OUTSIDE} CONNECTED`,
    `${numbers.front} CONNECTED`,
    `${numbers.boss} ENDED`,
  ]);
});

test('nobody is taken out twice, and of two nobody is', async () => {
  const callId = await conference();
  await removeParticipant(lab.as('alice'), { callId, number: numbers.boss });

  const again = removeParticipant(lab.as('alice'), { callId, number: OUTSIDE });

  await expect(again).rejects.toMatchObject({ code: 'WRONG_STATE' });
  expect(await partiesOf(callId)).toContain(`${OUTSIDE} CONNECTED`);
});

test.each([
  ['who is not in it', () => '0722000999'],
  ['who asks', () => numbers.front],
])('nobody is taken out in place of one %s', async (_name, numberOf) => {
  const callId = await conference();

  const removing = removeParticipant(lab.as('alice'), { callId, number: numberOf() });

  await expect(removing).rejects.toMatchObject({ code: 'WRONG_STATE' });
  expect((await partiesOf(callId)).filter((party) => party.endsWith('CONNECTED'))).toHaveLength(3);
});

test('whoever has joined takes nobody out, and is not told that he could', async () => {
  const callId = await conference();
  const olivia = lab.as('olivia');

  const removing = removeParticipant(olivia, { callId, number: OUTSIDE });

  await expect(removing).rejects.toMatchObject({ code: 'WRONG_STATE' });
  const of = async (context: typeof olivia) =>
    capabilitiesOf(context, await findCall(context, { callId })).includes('REMOVE_PARTICIPANT');
  expect([await of(lab.as('alice')), await of(olivia)]).toEqual([true, false]);
});
