import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { capabilitiesOf } from '../../src/operations/capabilities.ts';
import { findCall } from '../../src/operations/find-call.ts';
import { hangupPhoneCall } from '../../src/operations/hangup-phone-call.ts';
import { leaveCall } from '../../src/operations/leave-call.ts';
import { bargeIntoCall, monitorCall, whisperToCall } from '../../src/operations/listen-to-call.ts';
import { transferCall } from '../../src/operations/move-call.ts';
import { parkCall } from '../../src/operations/park-call.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { type Lab, openLab } from '../support/lab.ts';
import { layOrganization } from '../support/organization.ts';

const OUTSIDE = '0722000111';

let database: FreshDatabase;
let lab: Lab;
let numbers: Lab['organization']['numbers'];
let callId: string;

beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(async () => {
  lab = await openLab(database);
  numbers = lab.organization.numbers;
  ({ id: callId } = await lab.adopt([OUTSIDE, numbers.front]));
});
afterEach(() => lab[Symbol.asyncDispose]());

async function partiesOf() {
  await lab.settled();
  const { participants = [] } = await findCall(lab.as('alice'), { callId });
  return participants.map(({ number, role, state }) => `${number} ${role} ${state}`);
}

/** Olivia listens to alice's call. */
async function listening() {
  await monitorCall(lab.as('olivia'), { callId, to: numbers.boss });
  await lab.clock.advance(6000);
  await lab.settled();
}

const TALK = () => [`${OUTSIDE} CALLER CONNECTED`, `${numbers.front} CALLEE CONNECTED`];

test.each([
  ['monitored', monitorCall],
  ['whispered to', whisperToCall],
])('whoever is rung for a call that is %s listens to it when he answers', async (_, listen) => {
  await listen(lab.as('olivia'), { callId, to: numbers.boss });

  expect(await partiesOf()).toEqual([...TALK(), `${numbers.boss} LISTENER RINGING`]);
  await lab.clock.advance(6000);
  expect(await partiesOf()).toEqual([...TALK(), `${numbers.boss} LISTENER CONNECTED`]);
});

test('what can be done to a call of two can be done while somebody listens', async () => {
  const before = capabilitiesOf(lab.as('alice'), await findCall(lab.as('alice'), { callId }));

  await listening();

  const now = capabilitiesOf(lab.as('alice'), await findCall(lab.as('alice'), { callId }));
  expect(now).toEqual(before);
  expect(now).toEqual(expect.arrayContaining(['MONITOR', 'WHISPER', 'TRANSFER', 'PARK']));
});

test('whoever listens hangs up alone', async () => {
  await listening();

  const { ended } = await hangupPhoneCall(lab.as('olivia'), { extension: numbers.boss });

  expect(ended).toEqual([callId]);
  expect(await partiesOf()).toEqual([...TALK(), `${numbers.boss} LISTENER ENDED`]);
});

test.each([
  ['no extension', () => ({})],
  ['his extension', () => ({ extension: numbers.desk })],
])('whoever only listens ends no leg of those who talk, naming %s', async (_, own) => {
  const { id } = await lab.adopt([OUTSIDE, numbers.boss]);
  await monitorCall(lab.as('olivia'), { callId: id, to: numbers.desk });
  await lab.clock.advance(6000);
  await lab.settled();

  const { ended } = await hangupPhoneCall(lab.as('alice'), {
    ...{ callId: id, phoneNumber: OUTSIDE, ...own() },
  });

  expect(ended).toEqual([]);
  const { participants } = await findCall(lab.as('olivia'), { callId: id });
  expect(participants?.map(({ state }) => state)).toEqual(Array(3).fill('CONNECTED'));
});

test('whoever only listens hangs up by his number, too', async () => {
  const { id } = await lab.adopt([OUTSIDE, numbers.boss]);
  await monitorCall(lab.as('olivia'), { callId: id, to: numbers.desk });
  await lab.clock.advance(6000);
  await lab.settled();

  await hangupPhoneCall(lab.as('alice'), { callId: id, phoneNumber: numbers.desk.slice(-3) });

  const { participants } = await findCall(lab.as('olivia'), { callId: id });
  expect(participants?.map(({ state }) => state)).toEqual(['CONNECTED', 'CONNECTED', 'ENDED']);
});

test('whoever listens leaves alone', async () => {
  const listener = numbers.desk;
  const { id } = await lab.adopt([OUTSIDE, numbers.boss]);
  await monitorCall(lab.as('olivia'), { callId: id, to: listener });
  await lab.clock.advance(6000);
  await lab.settled();

  await leaveCall(lab.as('alice'), { callId: id });

  const { participants } = await findCall(lab.as('olivia'), { callId: id });
  expect(participants?.map(({ state }) => state)).toEqual(['CONNECTED', 'CONNECTED', 'ENDED']);
});

test('an organization’s user that listens leaves alone, and none of those who talk', async () => {
  await listening();

  await leaveCall(lab.as('olivia'), { callId });

  expect(await partiesOf()).toEqual([...TALK(), `${numbers.boss} LISTENER ENDED`]);
});

test('whoever only listens can leave and hang up, and nothing else', async () => {
  const { id } = await lab.adopt([OUTSIDE, numbers.boss]);
  await monitorCall(lab.as('olivia'), { callId: id, to: numbers.desk });
  await lab.clock.advance(6000);
  await lab.settled();

  const can = capabilitiesOf(lab.as('alice'), await findCall(lab.as('alice'), { callId: id }));

  expect(can.filter((one) => !/USER_DATA|DELETE/.test(one))).toEqual(['HANGUP', 'LEAVE']);
});

test('when one of two who talk leaves, the call is over for who listens, too', async () => {
  await listening();

  await leaveCall(lab.as('alice'), { callId });

  expect((await partiesOf()).every((party) => party.endsWith('ENDED'))).toBe(true);
});

test('a call that is parked is not held for who listens', async () => {
  await listening();

  await parkCall(lab.as('alice'), { callId });

  expect(await partiesOf()).toEqual([
    `${OUTSIDE} CALLER HELD`,
    `${numbers.front} CALLEE ENDED`,
    `${numbers.boss} LISTENER CONNECTED`,
  ]);
});

test('whoever only listens puts nobody through', async () => {
  const { id } = await lab.adopt([OUTSIDE, numbers.boss]);
  await monitorCall(lab.as('olivia'), { callId: id, to: numbers.front });
  await lab.clock.advance(6000);
  await lab.settled();

  const transferring = transferCall(lab.as('alice'), { callId: id, to: '0722000999' });

  await expect(transferring).rejects.toMatchObject({ code: 'WRONG_STATE' });
});

test.each([
  ['a call that rings', { state: 'RINGING' } as const, () => numbers.boss, 'WRONG_STATE'],
  ['somebody who is in the call', {}, () => numbers.desk, 'BAD_INPUT'],
])('listening is refused for %s', async (_, partial, to, code) => {
  const { id } = await lab.adopt(['0722000222', numbers.desk], partial);

  const asking = monitorCall(lab.as('olivia'), { callId: id, to: to() });

  await expect(asking).rejects.toMatchObject({ code });
});

test.each([
  ['an outside number', 'olivia', (): string => '0722000333', 'EXTENSION_NOT_FOUND'],
  ['a colleague’s phone', 'alice', (): string => numbers.boss, 'EXTENSION_NOT_FOUND'],
  ['a mailbox', 'olivia', (): string => numbers.mailbox, 'EXTENSION_TYPE_NOT_ALLOWED'],
] as const)('nobody supervises a call from %s', async (_, name, to, code) => {
  const input = { callId, to: to() };

  const asked = await Promise.allSettled(
    [monitorCall, whisperToCall, bargeIntoCall].map((way) => way(lab.as(name), input)),
  );

  expect(asked).toMatchObject(Array(3).fill({ status: 'rejected', reason: { code } }));
  expect(await partiesOf()).toEqual(TALK());
});

test('who sees several organizations supervises from a phone of the call’s own', async () => {
  const { numbers: others } = await layOrganization(database);

  const asking = monitorCall(lab.as('admin'), { callId, to: others.boss });

  await expect(asking).rejects.toMatchObject({ code: 'EXTENSION_NOT_FOUND' });
});

test('whoever barges in talks with the others', async () => {
  await bargeIntoCall(lab.as('olivia'), { callId, to: numbers.boss });

  await lab.clock.advance(6000);
  expect(await partiesOf()).toEqual([...TALK(), `${numbers.boss} OTHER CONNECTED`]);
});

test('a user lets nobody listen to a colleague', async () => {
  const { id } = await lab.adopt([OUTSIDE, numbers.boss]);

  const asking = monitorCall(lab.as('alice'), { callId: id, to: numbers.front });

  await expect(asking).rejects.toMatchObject({ code: 'CALL_NOT_FOUND' });
});
