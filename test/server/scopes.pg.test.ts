import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, bearer } from '../support/ask.ts';
import { startTandem, type TestTandem } from '../support/tandem.ts';

let tandem: TestTandem;

beforeAll(async () => {
  tandem = await startTandem({ demo: true });
  await tandem.database.rows(sql`update tokens set scopes = '{CONTROL,MANAGE}'
    where user_id = (select id from users where username = 'alice')`);
});
afterAll(() => tandem[Symbol.asyncDispose]());

const place = (selection: string, rest = '') =>
  ask<{ placeCall: { call: object } }>(
    tandem,
    `mutation Place { placeCall(input: { extension: "8856", to: "5550123" }) { call { ${selection} } } }
    ${rest}`,
    { operationName: 'Place' },
  );

const placed = () => tandem.database.rows(sql`select from calls where dnis = '5550123'`);

test.each<[string, string, string?]>([
  ['a call', 'ani'],
  ['the other calls of a party', 'participants { extension { calls(first: 9) { nodes { id } } } }'],
  ['a call by a fragment', '...Whole', 'fragment Whole on Call { id userData }'],
  ['a call by another name', 'id: state'],
])('a token that may only command reads %s by no mutation', async (_, selection, rest) => {
  const { code } = await place(selection, rest);

  expect(code).toBe('FORBIDDEN');
  expect(await placed()).toEqual([]);
});

test('a token that may only command is told the names of what it has commanded', async () => {
  const { data } = await place(
    '__typename id identifiers { scheme value }',
    'query Other { call(id: "x") { ani } }',
  );

  expect(data?.placeCall.call).toEqual({
    ...{ __typename: 'Call', id: expect.any(String), identifiers: expect.any(Array) },
  });
});

test('a legacy hang-up needs no more than that', async () => {
  const url = `${tandem.url}/uapi/phoneCalls/@me/0003*210/7d280cc4feae3255a497`;

  const response = await fetch(url, { method: 'DELETE', headers: bearer('alice') });

  expect(response.status).toBe(200);
});
