import { expect, test } from 'vitest';
import { callerOf } from '../../src/model/caller-of.ts';
import { findCall } from '../../src/operations/find-call.ts';
import { hangupPhoneCall } from '../../src/operations/hangup-phone-call.ts';
import { transferCall } from '../../src/operations/move-call.ts';
import { parkCall, unparkCall } from '../../src/operations/park-call.ts';
import type { FreshDatabase } from '../support/database.ts';
import { eachLab } from '../support/each-lab.ts';
import { firedOf } from '../support/fired.ts';
import type { Lab } from '../support/lab.ts';
import { layRules } from '../support/rules.ts';

const OUTSIDE = '0722000111';
const DID = '0215550100';

let database: FreshDatabase;
let lab: Lab;
let numbers: Lab['organization']['numbers'];

eachLab(async (scene) => {
  ({ database, lab, numbers } = scene);
  for (const number of [numbers.front, numbers.boss]) {
    await layRules(database, lab.organization, { number, url: 'http://crm.example/hook' });
  }
});

const incoming = () => lab.adopt([OUTSIDE, numbers.front], { dnis: DID });
const outgoing = () => lab.adopt([numbers.front, OUTSIDE]);

async function fired(callId: string, number: string) {
  await lab.settled();
  return firedOf(database, { callId, number });
}
const typesOf = async (callId: string, number: string) =>
  (await fired(callId, number)).map(({ type }) => type);

/** Parks it, and waits until it is back and taken. */
async function parkedAndBack(callId: string) {
  await parkCall(lab.as('alice'), { callId, returnSeconds: 10 });
  await lab.clock.advance(10_000);
  await lab.clock.advance(6000);
}

test('who parks a call has not hung up, and does once when it has come back', async () => {
  const { id } = await incoming();
  await parkedAndBack(id);
  const before = await typesOf(id, numbers.front);

  await hangupPhoneCall(lab.as('alice'), { callId: id });

  const twice = ['DIAL_IN', 'ANSWER_INCOMING', 'DIAL_IN', 'ANSWER_INCOMING'];
  expect(before).toEqual(twice);
  const told = await fired(id, numbers.front);
  expect(told.map(({ type }) => type)).toEqual([...twice, 'HANGUP']);
  expect(told.at(-1)?.parameters).toMatchObject({ CallStatus: 'ANSWER', CallFlow: 'IN' });
});

test('a call that comes back from its parking place is from whoever waited there', async () => {
  const { id } = await outgoing();

  await parkedAndBack(id);

  const [, , ...back] = await fired(id, numbers.front);
  expect(back.map(({ type }) => type)).toEqual(['DIAL_IN', 'ANSWER_INCOMING']);
  for (const { parameters } of back) {
    expect(parameters).toMatchObject({
      ...{ CallerIDNum: OUTSIDE, CallerExtension: '', CallFlow: 'IN' },
      ...{ CalledExtension: numbers.front, CalledNumber: numbers.front, CalledDID: '' },
    });
  }
});

test('who has parked a call has hung up when somebody else has taken it', async () => {
  const { id } = await incoming();
  await parkCall(lab.as('alice'), { callId: id });
  await unparkCall(lab.as('olivia'), { callId: id, to: numbers.boss });
  const before = await typesOf(id, numbers.front);

  await lab.clock.advance(6000);

  expect(before).not.toContain('HANGUP');
  expect((await typesOf(id, numbers.front)).at(-1)).toBe('HANGUP');
});

test('who has parked a call hangs up with whoever waits no longer', async () => {
  const { id, ref } = await incoming();
  await parkCall(lab.as('alice'), { callId: id });

  lab.exchange.remoteHangup(ref, 'CALLER');

  const told = await fired(id, numbers.front);
  expect(told.filter(({ type }) => type === 'HANGUP')).toMatchObject([
    { parameters: { CallStatus: 'ANSWER', CallerIDNum: OUTSIDE } },
  ]);
});

test('who lets a call come back and does not take it has hung up once, and had answered', async () => {
  const { id, ref } = await incoming();
  await parkCall(lab.as('alice'), { callId: id, returnSeconds: 10 });
  await lab.clock.advance(10_000);

  lab.exchange.remoteHangup(ref, 'CALLER');

  const told = await fired(id, numbers.front);
  expect(told.filter(({ type }) => type === 'HANGUP')).toMatchObject([
    { parameters: { CallStatus: 'ANSWER' } },
  ]);
});

test('a call that is transferred has hung up here, and is dialled there by its own number', async () => {
  const { id } = await incoming();

  await transferCall(lab.as('alice'), { callId: id, to: numbers.boss });

  expect((await fired(id, numbers.front)).at(-1)).toMatchObject({
    type: 'HANGUP',
    parameters: { CalledDID: DID, CalledExtension: numbers.front, CalledNumber: DID },
  });
  expect(await fired(id, numbers.boss)).toMatchObject([
    {
      type: 'DIAL_IN',
      parameters: {
        ...{ CallerIDNum: OUTSIDE, CallerExtension: '', CalledDID: '' },
        ...{ CalledExtension: numbers.boss, CalledNumber: numbers.boss },
      },
    },
  ]);
});

test('whoever is put through is the caller, from the first event to the last', async () => {
  const { id } = await outgoing();
  await transferCall(lab.as('alice'), { callId: id, to: numbers.boss });
  await lab.clock.advance(6000);

  await hangupPhoneCall(lab.as('olivia'), { callId: id });

  const told = await fired(id, numbers.boss);
  expect(told.map(({ type }) => type)).toEqual(['DIAL_IN', 'ANSWER_INCOMING', 'HANGUP']);
  for (const { parameters } of told) {
    expect(parameters).toMatchObject({ CallerIDNum: OUTSIDE, CallerExtension: '' });
  }
});

test.each([
  ['came in and comes back', incoming, parkedAndBack],
  ['went out and comes back', outgoing, parkedAndBack],
  ['came in and is put through', incoming, putThrough],
  ['went out and is put through', outgoing, putThrough],
])('of a call that %s, rules and readers name the same caller', async (_, begin, moved) => {
  const { id } = await begin();
  await moved(id);

  const call = await findCall(lab.as('olivia'), { callId: id });

  const legs = call.participants ?? [];
  for (const leg of legs.filter(({ extension }) => extension)) {
    const told = (await fired(id, leg.number ?? '')).filter(({ type }) => type.startsWith('DIAL'));
    const number = callerOf({ ...call, participants: legs }, leg)?.number;
    expect(told.map(({ parameters }) => parameters['CallerIDNum'])).toContain(number);
  }
});

/** Puts whoever talks with alice through, and waits until he is answered. */
async function putThrough(callId: string) {
  await transferCall(lab.as('alice'), { callId, to: numbers.boss });
  await lab.clock.advance(6000);
}
