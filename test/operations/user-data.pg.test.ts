import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  attachUserData,
  deleteUserData,
  deleteUserDataPair,
  updateUserData,
} from '../../src/operations/user-data.ts';
import type { Database } from '../../src/store/database.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { type Lab, openLab } from '../support/lab.ts';
import { atLeast, startReading } from '../support/reading.ts';

const SECRET = 'secret-4711';

let database: FreshDatabase;
let lab: Lab;
let callId: string;
let ref: Awaited<ReturnType<Lab['adopt']>>['ref'];

beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(async () => {
  lab = await openLab(database);
  const numbers = ['0722000111', lab.organization.numbers.front] as const;
  ({ id: callId, ref } = await lab.adopt(numbers, { userData: { card: SECRET, crm: '42' } }));
});
afterEach(() => lab[Symbol.asyncDispose]());

const onSwitch = () => lab.exchange.lookUp(ref)?.userData;
const inRow = async () => (await lab.row(callId))?.userData;
/** Entries of the call's log that still have the secret. */
const inLog = () =>
  database.rows(sql`
    select from call_changes where call_id = ${callId}::uuid and state::text like ${`%${SECRET}%`}`);

test.each([
  ['attached', attachUserData],
  ['updated', updateUserData],
])('pairs that are %s join the others, on the switch and here', async (_name, change) => {
  await change(lab.as('alice'), { callId, userData: { crm: '43', more: { a: [1] } } });

  const merged = { card: SECRET, crm: '43', more: { a: [1] } };
  expect(await inRow()).toEqual(merged);
  expect(onSwitch()).toEqual(merged);
  expect(await lab.row(callId)).toMatchObject({ version: 2 });
});

test.each([
  ['a null', { a: null }],
  ['a U+0000', { a: { b: 'x\0' } }],
  ['half of a surrogate pair', { a: '\ud800' }],
  ['a number that was another one', { a: [Number.NaN] }],
  ['a number that is none', { a: { b: Infinity } }],
  ['an empty key', { '': 1 }],
  ['more than 64 KiB', { a: 'x'.repeat(70_000) }],
  ['more than 500 keys', Object.fromEntries(Array.from({ length: 501 }, (_, n) => [`k${n}`, n]))],
])('user data with %s is refused before the switch hears of it', async (_name, userData) => {
  const attaching = attachUserData(lab.as('alice'), { callId, userData });

  await expect(attaching).rejects.toMatchObject({ code: 'BAD_INPUT' });
  expect(onSwitch()).toEqual({ card: SECRET, crm: '42' });
});

test.each(['on the switch', 'ended'])(
  'pairs are attached to a call %s by an extension that has part in it, and by no other',
  async (state) => {
    if (state === 'ended') lab.exchange.remoteHangup(ref, 'CALLEE');
    await lab.settled();
    const { extensionIds, numbers } = lab.organization;
    const by = (number: string) => ({ callId, extensionId: extensionIds.get(number) ?? '' });

    const outcomes = await Promise.allSettled([
      attachUserData(lab.as('alice'), { ...by(numbers.front), userData: { a: 1 } }),
      attachUserData(lab.as('alice'), { ...by(numbers.desk), userData: { b: 1 } }),
    ]);

    expect(outcomes).toMatchObject([{ value: { callId } }, { reason: { code: 'CALL_NOT_FOUND' } }]);
    expect(await inRow()).toEqual({ card: SECRET, crm: '42', a: 1 });
  },
);

test('text that only looks like an escape is kept', async () => {
  const userData = { a: '\\u0000', b: '\\\\ud800' };

  await attachUserData(lab.as('alice'), { callId, userData });

  expect(await inRow()).toMatchObject({ a: '\\u0000', b: '\\\\ud800' });
});

test('a pair is deleted on the switch, here and in the log', async () => {
  const after = await lab.feed.head();

  await deleteUserDataPair(lab.as('alice'), { callId, key: 'card' });

  expect([onSwitch(), await inRow()]).toEqual([{ crm: '42' }, { crm: '42' }]);
  expect(await inLog()).toEqual([]);
  const reading = startReading(lab.feed, { after });
  await reading.until(atLeast(1, 'CHANGE'));
  await reading.stop();
  expect(JSON.stringify(reading.messages)).not.toContain(SECRET);
});

test('a pair that is not there is no error and no change', async () => {
  await deleteUserDataPair(lab.as('alice'), { callId, key: 'nothing' });

  expect(await lab.row(callId)).toMatchObject({ version: 1 });
});

test.each([
  ['all of it', (context: ReturnType<Lab['as']>) => deleteUserData(context, { callId })],
  [
    'a pair',
    (context: ReturnType<Lab['as']>) => deleteUserDataPair(context, { callId, key: 'card' }),
  ],
])(
  'what is deleted, %s, is gone for who resumes, from memory and from the log',
  async (_name, erase) => {
    const before = await lab.feed.head();
    await attachUserData(lab.as('alice'), { callId, userData: { crm: '43' } });
    const earlier = startReading(lab.feed, { after: before, filter: { callIds: [callId] } });
    await earlier.until(atLeast(1, 'CHANGE'));
    await earlier.stop();

    await erase(lab.as('alice'));

    const live = startReading(lab.feed, { after: before, filter: { callIds: [callId] } });
    const told = (messages: typeof live.messages) =>
      messages.some((message) => message.type === 'CHANGE' && message.change.version === 3);
    await live.until(told);
    await live.stop();
    const resumed = startReading(lab.feed, { after: before, filter: { callIds: [callId] } });
    await resumed.until(atLeast(2, 'CHANGE'));
    await resumed.stop();
    expect(JSON.stringify(earlier.messages)).toContain(SECRET);
    expect(JSON.stringify(resumed.messages)).not.toContain(SECRET);
    expect(await inLog()).toEqual([]);
  },
);

test('all user data is deleted of an ended call, too', async () => {
  lab.exchange.remoteHangup(ref, 'CALLEE');
  await lab.settled();

  await deleteUserData(lab.as('alice'), { callId });

  expect(await inRow()).toBeNull();
  expect(await inLog()).toEqual([]);
});

test('what is attached on the switch while all is being deleted goes, too', async () => {
  const context = lab.as('alice');
  const [[id, carrier] = expect.fail()] = context.switches;
  const { patchUserData } = carrier.commands;
  let isFirst = true;
  const commands: typeof carrier.commands = {
    ...carrier.commands,
    patchUserData: async (...args) => {
      if (isFirst) await patchUserData(ref, { late: SECRET });
      isFirst = false;
      return patchUserData(...args);
    },
  };
  const switches = new Map([[id, { ...carrier, commands }]]);

  await deleteUserData({ ...context, switches }, { callId });

  expect([onSwitch(), await inRow()]).toEqual([{}, null]);
  expect(await inLog()).toEqual([]);
});

test.each([
  ['all of it', (context: ReturnType<Lab['as']>) => deleteUserData(context, { callId })],
  [
    'the pair',
    (context: ReturnType<Lab['as']>) => deleteUserDataPair(context, { callId, key: 'late' }),
  ],
])('what is deleted, %s, while it is being attached does not come back', async (_name, erase) => {
  const context = lab.as('alice');
  const [[id, carrier] = expect.fail()] = context.switches;
  const commands: typeof carrier.commands = {
    ...carrier.commands,
    patchUserData: async (...args) => {
      const left = await carrier.commands.patchUserData(...args);
      await erase(lab.as('alice'));
      return left;
    },
  };
  const switches = new Map([[id, { ...carrier, commands }]]);

  await attachUserData({ ...context, switches }, { callId, userData: { late: 'late-0815' } });

  const logged = await database.rows(sql`
    select from call_changes where call_id = ${callId}::uuid and state::text like '%late-0815%'`);
  expect([onSwitch(), await inRow()]).not.toContainEqual(
    expect.objectContaining({ late: 'late-0815' }),
  );
  expect(logged).toEqual([]);
});

test('what is attached to an ended call while all is being deleted goes, too', async () => {
  lab.exchange.remoteHangup(ref, 'CALLEE');
  await lab.settled();
  const context = lab.as('alice');
  const late: Database = {
    ...database,
    transaction: async (work) => {
      await attachUserData(lab.as('alice'), { callId, userData: { late: SECRET } });
      return database.transaction(work);
    },
  };

  await deleteUserData({ ...context, database: late }, { callId });

  expect(await inRow()).toBeNull();
  expect(await inLog()).toEqual([]);
});

test('when the switch cannot be reached, nothing has changed', async () => {
  lab.exchange.faults.add('timeout');

  const deleting = deleteUserData(lab.as('alice'), { callId });

  await expect(deleting).rejects.toMatchObject({ code: 'SWITCH_TIMEOUT' });
  expect(await inRow()).toEqual({ card: SECRET, crm: '42' });
});

test("a call's changes come in the order of its versions, though lists are taken meanwhile", async () => {
  const context = lab.as('alice');
  const [carrier] = context.switches.values();
  const numbers = ['0722000111', lab.organization.numbers.desk] as const;
  const ids = [callId];
  for (let made = 1; made < 10; made += 1) ids.push((await lab.adopt(numbers)).id);

  lab.exchange.faults.add('missed-events');
  const attaching = ids.flatMap((id) =>
    Array.from({ length: 8 }, (_, n) =>
      attachUserData(context, { callId: id, userData: { [`key${n}`]: n } }),
    ),
  );
  const listing = Array.from({ length: 30 }, () => carrier?.resync());
  await Promise.all([...attaching, ...listing]);

  const rows = await database.rows<{ versions: number[] }>(sql`
    select array_agg(version order by xid, id) as versions from call_changes
    where call_id = any(${sql.param(ids)}::uuid[]) group by call_id`);
  expect(rows).toHaveLength(10);
  for (const { versions } of rows) expect(versions).toEqual(versions.map((_, index) => index + 1));
});
