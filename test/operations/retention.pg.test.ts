import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { deleteCall } from '../../src/operations/delete-call.ts';
import { startErasing } from '../../src/operations/erasing.ts';
import { holdCallForLegal, releaseLegalHold } from '../../src/operations/legal-hold.ts';
import { transferCall } from '../../src/operations/move-call.ts';
import {
  type Sweep,
  setRetention,
  startSweeps,
  stepSweep,
} from '../../src/operations/retention.ts';
import {
  attachUserData,
  deleteUserData,
  deleteUserDataPair,
  updateUserData,
} from '../../src/operations/user-data.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { type Lab, openLab } from '../support/lab.ts';
import { atLeast, startReading } from '../support/reading.ts';

let database: FreshDatabase;
let lab: Lab;
let front: string;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(async () => {
  lab = await openLab(database);
  front = lab.organization.numbers.front;
  return () => lab[Symbol.asyncDispose]();
});

/** A call that ended so many days ago. */
async function endedCall(days: number): Promise<string> {
  const { id, ref } = await lab.adopt(['0722000111', front], { userData: { crm: '42' } });
  lab.exchange.remoteHangup(ref, 'CALLER');
  await lab.settled();
  await database.rows(sql`update calls set offered_at = now() - make_interval(days => ${days}::int, secs => 60),
    ended_at = now() - make_interval(days => ${days}::int, secs => 1),
    end_recorded_at = now() - make_interval(days => ${days}::int) where id = ${id}::uuid`);
  return id;
}

const set = (days: number | null) => setRetention(lab.as('olivia'), { days });
const hold = (callId: string) => holdCallForLegal(lab.as('alice'), { selector: { callId } });
const release = (callId: string) => releaseLegalHold(lab.as('olivia'), { selector: { callId } });

async function sweep() {
  const sweeps = await startSweeps(database);
  const own = sweeps.find(({ organizationId }) => organizationId === lab.organization.id);
  for (let next: Sweep | null = own ?? null; next; ) next = await stepSweep(database, next);
}

test('calls that ended too long ago go; those on hold, younger or up stay', async () => {
  const [old, older, held, young] = [
    await endedCall(30),
    await endedCall(300),
    await endedCall(300),
    await endedCall(29),
  ];
  const { id: live } = await lab.adopt(['0722000111', front], {
    offeredAt: '2020-01-01T00:00:00Z',
  });
  await set(30);
  await hold(held);

  await sweep();

  const rows = await Promise.all([old, older, held, young, live].map(lab.row));
  expect(rows.map((row) => row?.state)).toEqual([
    undefined,
    undefined,
    'ENDED',
    'ENDED',
    'CONNECTED',
  ]);
  const entries = await database.rows<{ subjects: string[] }>(sql`select subjects from audit_entries
    where operation = 'deleteExpiredCalls' and organization_id = ${lab.organization.id}::uuid`);
  expect(entries.map(({ subjects }) => subjects.toSorted())).toEqual([[old, older].toSorted()]);
});

test('a call of today stays, whatever the clock of its switch says', async () => {
  const { id, ref } = await lab.adopt(['0722000111', front], { offeredAt: '2000-01-01T00:00:10Z' });
  lab.exchange.remoteHangup(ref, 'CALLER');
  await lab.settled();
  await database.rows(
    sql`update calls set ended_at = '2000-01-01T00:01:10Z' where id = ${id}::uuid`,
  );
  await set(30);

  await sweep();

  expect(await lab.row(id)).toMatchObject({ state: 'ENDED' });
});

test('what is due goes by itself, more than one batch of it, and those who follow are told', async () => {
  const ids = await Promise.all(Array.from({ length: 3 }, () => endedCall(3)));
  const many = await database.rows<{ id: string }>(sql`
    insert into calls (id, organization_id, state, direction, call_type, offered_at, ended_at)
    select gen_random_uuid(), ${lab.organization.id}::uuid, 'ENDED', 'INBOUND', 'INBOUND',
      now() - interval '4 days', now() - interval '4 days' from generate_series(1, 300) returning id`);
  await set(2);
  const reading = startReading(lab.feed, { after: await lab.feed.head() });
  const { feed } = lab;

  await using _ = startErasing({
    ...{ database, feed, numbers: new Map() },
    onError: (error) => {
      throw error;
    },
  });

  const messages = await reading.until(atLeast(303, 'CHANGE'));
  await reading.stop();
  const gone = messages.flatMap((one) =>
    one.type === 'CHANGE' && one.change.kind === 'DELETED' ? [one.change.callId] : [],
  );
  expect(gone.sort()).toEqual([...ids, ...many.map(({ id }) => id)].sort());
});

test('while a hold lasts, a retention grows only', async () => {
  const id = await endedCall(1);
  await set(30);
  await hold(id);

  const shorter = set(29);
  await expect(shorter).rejects.toMatchObject({ code: 'LEGAL_HOLD' });
  const longer = [await set(31), await set(null)];
  const fromForEver = set(1000);
  await expect(fromForEver).rejects.toMatchObject({ code: 'LEGAL_HOLD' });
  await release(id);
  const after = await set(7);

  expect([...longer, after].map(({ retentionDays }) => retentionDays)).toEqual([31, null, 7]);
});

test.each([
  ['its deletion', (callId: string) => deleteCall(lab.as('alice'), { selector: { callId } })],
  ['that of its user data', (callId: string) => deleteUserData(lab.as('alice'), { callId })],
  [
    'that of a pair of it',
    (callId: string) => deleteUserDataPair(lab.as('alice'), { callId, key: 'crm' }),
  ],
  [
    'another value in its place',
    (callId: string) => updateUserData(lab.as('alice'), { callId, userData: { crm: '' } }),
  ],
  [
    'another value by attaching it',
    (callId: string) => attachUserData(lab.as('alice'), { callId, userData: { crm: '43' } }),
  ],
  [
    'another value by a transfer',
    (callId: string) =>
      transferCall(lab.as('alice'), { callId, to: '0722000222', userData: { crm: '43' } }),
  ],
])('a legal hold refuses %s', async (_what, remove) => {
  const { id } = await lab.adopt(['0722000111', front], { userData: { crm: '42' } });
  await hold(id);

  const removing = remove(id);

  await expect(removing).rejects.toMatchObject({ code: 'LEGAL_HOLD' });
  expect(await lab.row(id)).toMatchObject({ userData: { crm: '42' }, marked: false });
});

test('a call that was marked before it was held goes when it is released', async () => {
  const { id, ref } = await lab.adopt(['0722000111', front]);
  await deleteCall(lab.as('alice'), { selector: { callId: id } });
  await hold(id);
  lab.exchange.remoteHangup(ref, 'CALLER');
  await lab.settled();
  const kept = await lab.row(id);

  const receipt = await release(id);

  expect(kept).toMatchObject({ state: 'ENDED' });
  expect(receipt).toEqual({ callId: id, isDeleted: true });
  expect(await lab.row(id)).toBeUndefined();
});

test('whoever holds a call cannot release it unless it is an organization', async () => {
  const id = await endedCall(1);
  await hold(id);

  const releasing = releaseLegalHold(lab.as('alice'), { selector: { callId: id } });

  await expect(releasing).rejects.toMatchObject({ code: 'FORBIDDEN' });
  const [row] = await database.rows(
    sql`select held_for_legal as held from calls where id = ${id}::uuid`,
  );
  expect(row).toEqual({ held: true });
});

test.each([0, -1, 36_501])('a retention of %i days is refused', async (days) => {
  const setting = set(days);

  await expect(setting).rejects.toMatchObject({ code: 'BAD_INPUT' });
});

test('a retention is turned off by null alone, and not by days that were forgotten', async () => {
  await set(30);

  const forgotten = setRetention(lab.as('olivia'), {});

  await expect(forgotten).rejects.toMatchObject({ code: 'BAD_INPUT' });
  expect(await startSweeps(database)).toContainEqual(
    expect.objectContaining({ organizationId: lab.organization.id, days: 30 }),
  );
  expect(await set(null)).toEqual({ retentionDays: null });
});

test('a retention is not for users', async () => {
  const setting = setRetention(lab.as('alice'), { days: 1 });

  await expect(setting).rejects.toMatchObject({ code: 'FORBIDDEN' });
});
