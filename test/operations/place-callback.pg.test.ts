import { sql } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { CallReceipt } from '../../src/operations/command-call.ts';
import { findCall } from '../../src/operations/find-call.ts';
import { hangupPhoneCall } from '../../src/operations/hangup-phone-call.ts';
import { inviteToConference, placeCallback } from '../../src/operations/place-callback.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { firedOf } from '../support/fired.ts';
import { type Lab, openLab } from '../support/lab.ts';
import { layRules } from '../support/rules.ts';

const CUSTOMER = '0722000111';
const EXPERT = '0722000222';

let database: FreshDatabase;
let lab: Lab;
let numbers: Lab['organization']['numbers'];
/** Alice's. */
let [callback, conference] = ['', ''];

beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(async () => {
  lab = await openLab(database);
  numbers = lab.organization.numbers;
  callback = numbers.front.replace('*210', '*270');
  conference = numbers.front.replace('*210', '*260');
  await lay(callback, 'CALLBACK');
  await lay(conference, 'CONFERENCE');
});
afterEach(() => lab[Symbol.asyncDispose]());

const lay = (number: string, kind: string, owner: 'alice' | 'olivia' = 'alice') =>
  database.rows(sql`insert into extensions (id, organization_id, number, short_number, kind, owner_id)
    values (${uuid()}::uuid, ${lab.organization.id}::uuid, ${number}, ${number.slice(-3)}, ${kind},
      ${lab.organization.principal(owner).userId}::uuid)`);

const callOf = ({ callId }: CallReceipt) => findCall(lab.as('alice'), { callId });
const ends = (more: object = {}) => ({ extension: callback, from: CUSTOMER, to: EXPERT, ...more });

test('a call between two outside numbers is that of its callback extension', async () => {
  const receipt = await placeCallback(lab.as('alice'), ends({ userData: { crm: '42' } }));

  const { participants = [], ...call } = await callOf(receipt);
  expect(call).toMatchObject({ ani: CUSTOMER, dnis: EXPERT, direction: 'OUTBOUND' });
  expect(call.callType).toBe('OUTBOUND');
  expect(participants.map(({ number, extension }) => [number, extension?.number])).toEqual([
    [CUSTOMER, callback],
    [EXPERT, undefined],
  ]);
});

test('a call to an outside number is an outgoing one, whoever it is put through to', async () => {
  const receipt = await placeCallback(lab.as('alice'), ends({ to: numbers.boss }));

  expect(await callOf(receipt)).toMatchObject({ direction: 'OUTBOUND', callType: 'OUTBOUND' });
});

test('all events of a callback name the same caller, who is no extension', async () => {
  const url = 'http://crm.example/hook';
  await layRules(database, lab.organization, { number: numbers.boss, url });

  const { callId } = await placeCallback(lab.as('alice'), ends({ to: numbers.boss }));

  await lab.clock.advance(6000);
  await hangupPhoneCall(lab.as('alice'), { callId });
  const fired = await firedOf(database, { callId, number: numbers.boss });
  const told = fired.map(({ parameters }) => parameters);
  expect(told.map(({ CallStatus }) => CallStatus)).toEqual(['CALLING', 'ANSWER', 'ANSWER']);
  for (const parameters of told) {
    expect(parameters).toMatchObject({ CallerIDNum: CUSTOMER, CallerExtension: '' });
    expect(parameters).toMatchObject({ CalledDID: '', CalledExtension: numbers.boss });
  }
});

test('it stays that of the extension when it goes on, and is ended there', async () => {
  const receipt = await placeCallback(lab.as('alice'), ends());
  await lab.clock.advance(2000);
  await lab.settled();

  const { ended } = await hangupPhoneCall(lab.as('alice'), { extension: callback });

  expect(ended).toEqual([receipt.callId]);
  expect((await callOf(receipt)).participants?.[0]?.extension?.number).toBe(callback);
});

test('followers of the extension are told of it', async () => {
  const { callId } = await placeCallback(lab.as('alice'), ends());

  const told = await database.rows<{ owners: string[] }>(sql`
    select owner_ids as owners from call_changes where call_id = ${callId}::uuid order by id desc limit 1`);

  expect(told).toEqual([{ owners: [lab.organization.principal('alice').userId] }]);
});

test('one’s own phone may be rung first, and calls as ever', async () => {
  const receipt = await placeCallback(lab.as('alice'), ends({ from: numbers.desk }));

  const { participants = [], direction } = await callOf(receipt);
  expect(direction).toBe('OUTBOUND');
  expect(participants[0]?.extension?.number).toBe(numbers.desk);
});

test('whoever is invited to a conference calls it', async () => {
  const receipt = await inviteToConference(lab.as('alice'), {
    ...{ extension: conference, from: CUSTOMER, ringSeconds: 20 },
  });

  const { participants = [], direction } = await callOf(receipt);
  expect(direction).toBe('INBOUND');
  expect(participants.map(({ number }) => number)).toEqual([CUSTOMER, conference]);
});

test.each([
  [
    'an extension of another kind',
    () => ({ extension: numbers.front }),
    'EXTENSION_TYPE_NOT_ALLOWED',
  ],
  ['an extension that is not there', () => ({ extension: '999' }), 'EXTENSION_NOT_FOUND'],
  ['a colleague’s phone', () => ({ from: numbers.boss }), 'EXTENSION_NOT_FOUND'],
  ['itself', () => ({ from: callback }), 'BAD_INPUT'],
  ['itself in short form', () => ({ from: callback.slice(-3) }), 'BAD_INPUT'],
  ['a call to itself', () => ({ to: callback }), 'BAD_INPUT'],
  ['a call to itself in short form', () => ({ to: callback.slice(-3) }), 'BAD_INPUT'],
  ['a number twice', () => ({ to: CUSTOMER }), 'BAD_INPUT'],
  ['a number in two spellings', () => ({ from: '0722', to: '+0722' }), 'BAD_INPUT'],
  ['itself behind a plus', () => ({ to: `+${callback}` }), 'BAD_INPUT'],
  ['nothing that can be dialled', () => ({ from: 'sip:a@b' }), 'PHONE_NUMBER_INVALID'],
  ['a day of ringing', () => ({ ringSeconds: 301 }), 'BAD_INPUT'],
])('no callback is made with %s', async (_, more, code) => {
  const asking = placeCallback(lab.as('alice'), ends(more()));

  await expect(asking).rejects.toMatchObject({ code });
  expect(lab.exchange.list().calls).toEqual([]);
});

test.each([
  ['itself', () => conference],
  ['itself in short form', () => conference.slice(-3)],
  ['its own number as the switch writes it', () => '0213330260'],
])('a conference is not invited to %s', async (_, from) => {
  const able = lab.as('alice');
  const [[id, carrier] = expect.fail()] = able.switches;
  const replace = [{ from: '0213330', to: conference.slice(0, -3) }];
  const switches = new Map([[id, { ...carrier, numbers: { ...carrier.numbers, replace } }]]);

  const asking = inviteToConference({ ...able, switches }, { extension: conference, from: from() });

  await expect(asking).rejects.toMatchObject({ code: 'BAD_INPUT' });
  expect(lab.exchange.list().calls).toEqual([]);
});

test('no callback is put through to its own number as the switch writes it', async () => {
  const able = lab.as('alice');
  const [[id, carrier] = expect.fail()] = able.switches;
  const replace = [{ from: '0213330', to: callback.slice(0, -3) }];
  const switches = new Map([[id, { ...carrier, numbers: { ...carrier.numbers, replace } }]]);

  const asking = placeCallback({ ...able, switches }, ends({ to: '0213330270' }));

  await expect(asking).rejects.toMatchObject({ code: 'BAD_INPUT' });
  expect(lab.exchange.list().calls).toEqual([]);
});

test.each([
  ['a short number that is several people’s', () => numbers.front.slice(-3)],
  ['a colleague’s number as the switch writes it', () => '0213330220'],
])('no callback begins at %s', async (_, from) => {
  await lay(numbers.front.replace('*', '1*'), 'TERMINAL', 'olivia');
  const able = lab.as('alice');
  const [[id, carrier] = expect.fail()] = able.switches;
  const replace = [{ from: '0213330', to: numbers.boss.slice(0, -3) }];
  const switches = new Map([[id, { ...carrier, numbers: { ...carrier.numbers, replace } }]]);

  const asking = placeCallback({ ...able, switches }, ends({ from: from() }));

  await expect(asking).rejects.toMatchObject({ code: 'EXTENSION_NOT_FOUND' });
  expect(lab.exchange.list().calls).toEqual([]);
});

test('a switch that cannot begin with an outside number makes none', async () => {
  const able = lab.as('alice');
  const [[id, carrier] = expect.fail()] = able.switches;
  const switches = new Map([[id, { ...carrier, capabilities: new Set(['PLACE'] as const) }]]);

  const asking = placeCallback({ ...able, switches }, ends());

  await expect(asking).rejects.toMatchObject({ code: 'NOT_SUPPORTED' });
});
