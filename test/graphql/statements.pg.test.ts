import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask } from '../support/ask.ts';
import { type CountingTandem, countingTandem } from '../support/statements.ts';

let tandem: CountingTandem;
beforeAll(async () => {
  tandem = await countingTandem();
});
afterAll(() => tandem[Symbol.asyncDispose]());

const QUERIES = {
  'who is asking': '{ viewer { username scopes extensions { nodes { number } } } }',
  'live calls': `{ calls(filter: { states: [DIALING, RINGING, CONNECTED, HELD] }) {
    totalCount nodes { id userData identifiers { scheme value } participants { number extension { label } } }
    pageInfo { hasNextPage endCursor } } }`,
  'calls of a few extensions and a number': `{ calls(filter: { extensions: ["8856", "210"],
    number: "+40722000111", directions: [INBOUND] }, last: 5) { edges { cursor node { id } } } }`,
  'a call by a legacy name': `{ call(identifier: { scheme: NATIVE, value: "TRS26140192" }) {
    id capabilities participants { state extension { owner { username } } } } }`,
  'an extension with all that is below it': `{ extension(number: "0003*210") { label owner { displayName }
    live: calls(states: [CONNECTED]) { nodes { ...Parties } }
    calls(first: 3) { totalCount edges { node { ...Parties } } }
    dialIn: phoneCallEvents(type: 0) { nodes { url } }
    phoneCallEvents { totalCount nodes { id extension { number } } } } }
    fragment Parties on Call { id participants { number extension { shortNumber } } }`,
  'every extension with its last calls': `{ extensions(first: 100) { totalCount nodes { number
    phoneCallEvents { nodes { id } } calls(first: 5) { totalCount nodes { id state } } } } }`,
  'rules of one extension':
    '{ phoneCallEvents(extension: "0003*210", type: 1) { totalCount nodes { id } } }',
  'all rules with their extensions':
    '{ phoneCallEvents { nodes { id extension { number owner { number } } } } }',
  'a rule by its id': `{ node(id: "NqeyDRqo4FtabmFj8gNWq3hsiGNYyq") { __typename ... on PhoneCallEvent {
    url extension { number calls(first: 1) { nodes { id } } } } } }`,
  'rules with what they have fired': `{ extension(number: "0003*210") { phoneCallEvents { nodes { id suspendedAt
    waiting: deliveries(states: [PENDING, SUSPENDED], first: 5) { totalCount nodes { id nextAttemptAt } }
    deliveries { nodes { id callId state parameters attempts { at status error } } } } } } }`,
  'calls of the parties of the calls of an extension': `{ extension(number: "8856") { calls(first: 9) { nodes {
    participants { extension { calls(first: 9) { nodes { participants { extension { phoneCallEvents { nodes {
    extension { owner { username } } } } } } } } } } } } } }`,
};

/** Whoever has been seen a moment ago is not looked up again. */
const LOG_IN = /from tokens t/;

test.each(Object.entries(QUERIES))(
  '%s: one statement, and at most another to log in',
  async (_, query) => {
    const answer = await tandem.counting((headers) => ask(tandem, query, { headers }));

    expect(answer.result.errors).toEqual([]);
    expect(answer.statements.filter((text) => !LOG_IN.test(text))).toHaveLength(1);
    expect(answer.statements.length).toBeLessThanOrEqual(2);
  },
);

test.each(Object.entries(QUERIES))(
  '%s: no more the short way, once the document is known',
  async (_, query) => {
    await ask(tandem, query);

    const answer = await tandem.counting((headers) => ask(tandem, query, { headers }));

    expect(answer.result.errors).toEqual([]);
    expect(answer.statements.filter((text) => !LOG_IN.test(text))).toHaveLength(1);
  },
);

/** What is not one list or one thing with all that is below it. */
const OTHERS = {
  'the audit log': '{ auditEntries(first: 5) { nodes { operation result hash } } }',
  'the switches with what they carry': '{ connectors { id link liveCalls } }',
  'an erasure that is not there': `{ erasure(id: "00000000-0000-7000-8000-000000000001") { finishedAt } }`,
  'the erasures': '{ erasures(first: 5) { nodes { state waitsFor certificate { hash } } } }',
  'what is set': '{ organizationSettings { retentionDays getAllowed } }',
  'whether people are there': '{ extensions(first: 100) { nodes { number presence } } }',
  'what one is doing': '{ viewer { username agentState { __typename } } }',
};

test.each(Object.entries(OTHERS))('%s: at most two statements', async (_, query) => {
  const answer = await tandem.counting((headers) => ask(tandem, query, { headers, as: 'admin' }));

  expect(answer.result.errors).toEqual([]);
  expect(answer.statements.filter((text) => !LOG_IN.test(text)).length).toBeLessThanOrEqual(2);
});

test('each list of the viewer is one statement', async () => {
  const query = `{ viewer { calls(first: 5) { nodes { id participants { extension { label } } } }
    devices { number } extensions { nodes { number } } } }`;

  const answer = await tandem.counting((headers) => ask(tandem, query, { headers }));

  expect(answer.result.errors).toEqual([]);
  expect(answer.statements.filter((text) => !LOG_IN.test(text))).toHaveLength(3);
});

/** The bell for other processes is rung by itself, and nobody waits for it. */
const BESIDE = /from tokens t|pg_notify/;

test('deleting user data: whose call with its lock, the erasure with its log, the answer, the audit', async () => {
  const query = `mutation { deleteUserData(input: { identifier: { scheme: VERBA,
    value: "a8343631-9f35-4a3a-83f0-9e81592339fb" } }) { call { id userData } } }`;

  const answer = await tandem.counting((headers) => ask(tandem, query, { headers }));

  expect(answer.result.errors).toEqual([]);
  expect(answer.statements.filter((text) => !BESIDE.test(text))).toEqual([
    expect.stringContaining('pg_advisory_xact_lock'),
    expect.stringContaining('user_data_erased_at = clock_timestamp()'),
    expect.stringMatching(/^\s*select json_build_object/),
    expect.stringContaining('insert into audit_entries'),
  ]);
});

test('an answer with lists of calls is read when the change is committed: nobody waits for it', async () => {
  const query = `mutation { deleteUserDataPair(input: { key: "none", identifier: { scheme: VERBA,
    value: "a8343631-9f35-4a3a-83f0-9e81592339fb" } }) {
    call { id participants { extension { calls { nodes { id } } } } } } }`;

  const answer = await tandem.counting((headers) => ask(tandem, query, { headers }));

  expect(answer.result.errors).toEqual([]);
  expect(answer.statements.filter((text) => !BESIDE.test(text)).slice(-2)).toEqual([
    expect.stringContaining('insert into audit_entries'),
    expect.stringMatching(/^\s*select json_build_object/),
  ]);
});

test('a call that is changed is answered under every name that it is asked for', async () => {
  const query = `mutation { attachUserData(input: { userData: { note: "new" }, identifier: { scheme: VERBA,
    value: "a8343631-9f35-4a3a-83f0-9e81592339fb" } }) {
    data: call { userData } call { state participants { sequence } } } }`;

  const { data, errors } = await ask(tandem, query);

  expect(errors).toEqual([]);
  expect(data).toMatchObject({
    attachUserData: {
      data: { userData: { note: 'new' } },
      call: { state: 'ENDED', participants: [{ sequence: '00' }, { sequence: '01' }] },
    },
  });
});

test('a list that an extension is asked for in many ways is still one statement', async () => {
  const lists = Array.from({ length: 49 }, (_, n) => `c${n}: calls(first: ${n}) { nodes { id } }`);
  const more = 'calls { nodes { id } } phoneCallEvents { nodes { id } }';
  const query = `{ extension(number: "8856") { ${lists.join(' ')} ${more} } }`;

  const answer = await tandem.counting((headers) => ask(tandem, query, { headers }));

  expect(answer.result.errors).toEqual([]);
  expect(answer.statements.filter((text) => !LOG_IN.test(text))).toHaveLength(1);
});
