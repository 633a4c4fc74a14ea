import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { capabilitiesOf } from '../../src/operations/capabilities.ts';
import { findCall } from '../../src/operations/find-call.ts';
import { monitorCall } from '../../src/operations/listen-to-call.ts';
import { parkCall, unparkCall } from '../../src/operations/park-call.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { type Lab, openLab } from '../support/lab.ts';

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
  return participants.map(({ number, state, parkedPosition, parkedBy }) => ({
    ...{ number, state, parkedPosition, parkedBy },
  }));
}

const can = async () =>
  capabilitiesOf(lab.as('alice'), await findCall(lab.as('alice'), { callId }));

const NOT_PARKED = { parkedPosition: null, parkedBy: null };

test('a call is parked: the other party waits, and one has left oneself', async () => {
  await parkCall(lab.as('alice'), { callId });

  expect(await partiesOf()).toEqual([
    { number: OUTSIDE, state: 'HELD', parkedPosition: 701, parkedBy: numbers.front },
    { number: numbers.front, state: 'ENDED', ...NOT_PARKED },
  ]);
  expect(await can()).toContain('UNPARK');
  expect(await can()).not.toContain('PARK');
});

test('two parked calls have two places', async () => {
  const { id: second } = await lab.adopt(['0722000222', numbers.desk]);
  await parkCall(lab.as('alice'), { callId });

  await parkCall(lab.as('alice'), { callId: second });

  const { participants } = await findCall(lab.as('alice'), { callId: second });
  expect(participants?.[0]?.parkedPosition).toBe(702);
});

test('whoever is rung for a parked call takes it over', async () => {
  await parkCall(lab.as('alice'), { callId });

  await unparkCall(lab.as('alice'), { callId, to: numbers.desk });

  await lab.clock.advance(6000);
  expect((await partiesOf()).map(({ state }) => state)).toEqual([
    'CONNECTED',
    'ENDED',
    'CONNECTED',
  ]);
  expect((await partiesOf())[0]).toMatchObject(NOT_PARKED);
});

test.each([
  ['an outside number', () => OUTSIDE, 'EXTENSION_NOT_FOUND'],
  ['a mailbox', () => numbers.mailbox, 'EXTENSION_TYPE_NOT_ALLOWED'],
])('where a telephone is wanted, %s is not rung', async (_, to, code) => {
  await parkCall(lab.as('alice'), { callId });

  const taking = unparkCall(lab.as('alice'), { callId, to: to(), onlyTerminal: true });

  await expect(taking).rejects.toMatchObject({ code });
  expect(await partiesOf()).toHaveLength(2);
});

test('whoever has parked a call that nobody takes is rung again', async () => {
  await parkCall(lab.as('alice'), { callId, returnSeconds: 10 });

  await lab.clock.advance(10_000);

  expect((await partiesOf()).at(-1)).toMatchObject({ number: numbers.front, state: 'RINGING' });
});

test('a parked call is taken out while somebody’s phone rings to listen to it', async () => {
  await parkCall(lab.as('alice'), { callId });
  await monitorCall(lab.as('olivia'), { callId, to: numbers.boss });

  await unparkCall(lab.as('alice'), { callId, to: numbers.desk });

  await lab.clock.advance(6000);
  expect((await partiesOf())[0]).toMatchObject({ state: 'CONNECTED', ...NOT_PARKED });
});

test('whoever listens to a parked call may take it over', async () => {
  await parkCall(lab.as('alice'), { callId });
  await monitorCall(lab.as('olivia'), { callId, to: numbers.boss });
  await lab.clock.advance(6000);
  await lab.settled();

  await unparkCall(lab.as('olivia'), { callId, to: numbers.boss });

  await lab.clock.advance(6000);
  expect((await partiesOf()).map(({ number, state }) => `${number} ${state}`)).toEqual([
    `${OUTSIDE} CONNECTED`,
    `${numbers.front} ENDED`,
    `${numbers.boss} ENDED`,
    `${numbers.boss} CONNECTED`,
  ]);
});

test('whoever has parked a call is rung again, whoever is rung to listen to it', async () => {
  await parkCall(lab.as('alice'), { callId, returnSeconds: 10 });
  await lab.clock.advance(9000);
  await monitorCall(lab.as('olivia'), { callId, to: numbers.boss });

  await lab.clock.advance(1000);

  expect((await partiesOf()).at(-1)).toMatchObject({ number: numbers.front, state: 'RINGING' });
});

test('a call that has been taken out does not come back', async () => {
  await parkCall(lab.as('alice'), { callId, returnSeconds: 10 });
  await unparkCall(lab.as('alice'), { callId, to: numbers.desk });

  await lab.clock.advance(20_000);

  expect(await partiesOf()).toHaveLength(3);
});

test.each([
  ['a moment', { returnSeconds: 9 }, 'BAD_INPUT'],
  ['a day', { returnSeconds: 3601 }, 'BAD_INPUT'],
])('no call is parked for %s', async (_, more, code) => {
  const parking = parkCall(lab.as('alice'), { callId, ...more });

  await expect(parking).rejects.toMatchObject({ code });
  expect((await partiesOf()).map(({ state }) => state)).toEqual(['CONNECTED', 'CONNECTED']);
});

test('a call that is not parked is not taken out', async () => {
  const taking = unparkCall(lab.as('alice'), { callId, to: numbers.desk });

  await expect(taking).rejects.toMatchObject({ code: 'WRONG_STATE' });
});

test('a parked call is not parked again', async () => {
  await parkCall(lab.as('alice'), { callId });

  const parking = parkCall(lab.as('alice'), { callId });

  await expect(parking).rejects.toMatchObject({ code: 'WRONG_STATE' });
});

test('who parks a call at the same moment is not told that the call has ended', async () => {
  const parking = [1, 2, 3].map(() => parkCall(lab.as('alice'), { callId }));

  const settled = await Promise.allSettled(parking);

  const told = settled.flatMap((one) => (one.status === 'rejected' ? one.reason.message : []));
  expect(told).toHaveLength(2);
  expect(told.join()).not.toMatch(/It has ended/);
});
