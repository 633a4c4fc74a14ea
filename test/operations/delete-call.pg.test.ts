import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { addMarker } from '../../src/operations/add-marker.ts';
import { type CallSelector, deleteCall } from '../../src/operations/delete-call.ts';
import { holdCallForLegal, releaseLegalHold } from '../../src/operations/legal-hold.ts';
import { resyncCalls } from '../../src/operations/resync-calls.ts';
import { attachUserData } from '../../src/operations/user-data.ts';
import type { FreshDatabase } from '../support/database.ts';
import { eachLab } from '../support/each-lab.ts';
import { type Lab, openLab } from '../support/lab.ts';
import { startReading } from '../support/reading.ts';
import { endOf, record, switchCall } from '../support/switch-call.ts';

const OUTSIDE = '0722000111';
const MARKED = 'MARKED_FOR_DELETION';

let database: FreshDatabase;
let lab: Lab;
let front: string;

eachLab((scene) => {
  ({ database, lab } = scene);
  front = scene.numbers.front;
});

const call = (partial: Parameters<Lab['adopt']>[1] = {}) => lab.adopt([OUTSIDE, front], partial);
const hangUp = async ({ ref }: Awaited<ReturnType<typeof call>>) => {
  lab.exchange.remoteHangup(ref, 'CALLER');
  await lab.settled();
};
const endedCall = async (partial: Parameters<Lab['adopt']>[1] = {}) => {
  const made = await call(partial);
  await hangUp(made);
  return made.id;
};
const auditOf = (subject: string | undefined) =>
  database.rows(sql`select operation, dialect, user_id as "userId", subjects, organization_id as "organizationId"
    from audit_entries where ${subject ?? ''} = any(subjects) order by id`);
const erase = (selector: CallSelector) => deleteCall(lab.as('alice'), { selector });

test('an ended call goes with everything that names it, leaving a bare tombstone', async () => {
  const after = await lab.feed.head();
  const live = await call({
    userData: { card: 'secret' },
    identifiers: [{ scheme: 'SIP', value: 'a@b' }],
  });
  await attachUserData(lab.as('alice'), { callId: live.id, userData: { more: 'secret' } });
  await hangUp(live);

  const receipt = await erase({ callId: live.id });

  expect(receipt).toEqual({ callId: live.id, outcome: 'DELETED' });
  const tables = ['participants', 'call_identifiers', 'event_deliveries', 'call_changes'];
  const left = await Promise.all(
    tables.map((table) =>
      database.rows(sql`select * from ${sql.identifier(table)} where call_id = ${live.id}::uuid`),
    ),
  );
  expect(left).toMatchObject([[], [], [], [{ kind: 'DELETED', state: null }]]);
  expect(await lab.row(live.id)).toBeUndefined();
  const reading = startReading(lab.feed, { after, filter: { callIds: [live.id] } });
  await reading.until((messages) =>
    messages.some((one) => one.type === 'CHANGE' && one.change.kind === 'DELETED'),
  );
  await reading.stop();
  const late = startReading(lab.feed, { after, filter: { callIds: [live.id] } });
  const messages = await late.until((all) => all.length > 0);
  await late.stop();
  expect(messages).toMatchObject([{ change: { kind: 'DELETED', call: null } }]);
});

test('a live call is marked, and goes when it ends', async () => {
  const live = await call();

  const receipt = await erase({ callId: live.id });

  expect(receipt).toEqual({ callId: live.id, outcome: MARKED });
  expect(await lab.row(live.id)).toMatchObject({ state: 'CONNECTED', marked: true });
  lab.exchange.faults.add('duplicate-events');
  await hangUp(live);
  expect(await lab.row(live.id)).toBeUndefined();
  const left = sql`select from calls where organization_id = ${lab.organization.id}::uuid`;
  expect(await database.rows(left)).toEqual([]);
});

test("a live call of another Tandem's switch is marked, and goes when that one says that it has ended", async () => {
  const talk = switchCall([OUTSIDE, front]);
  await record(database, talk);
  const [live] = await database.rows<{ id: string }>(
    sql`select id from calls where native_id = ${talk.nativeId}`,
  );
  const callId = live?.id ?? '';

  const receipt = await erase({ callId });

  expect(receipt).toEqual({ callId, outcome: MARKED });
  expect(await lab.row(callId)).toMatchObject({ state: 'CONNECTED', marked: true });
  await record(database, endOf(talk));
  expect(await lab.row(callId)).toBeUndefined();
});

test('a live call that was imported goes at once', async () => {
  const { id } = await call();
  await database.rows(sql`update calls set connector = null where id = ${id}::uuid`);

  const receipt = await erase({ callId: id });

  expect(receipt).toEqual({ callId: id, outcome: 'DELETED' });
  expect(await lab.row(id)).toBeUndefined();
});

test('a call under legal hold is refused', async () => {
  const id = await endedCall();
  await database.rows(sql`update calls set held_for_legal = true where id = ${id}::uuid`);

  const deleting = erase({ callId: id });

  await expect(deleting).rejects.toMatchObject({ code: 'LEGAL_HOLD' });
  expect(await lab.row(id)).toMatchObject({ state: 'ENDED' });
});

test('a call is found by a name, recorded or dressed', async () => {
  const [one, two] = [
    await endedCall({ identifiers: [{ scheme: 'NATIVE', value: 'TRS1' }] }),
    await endedCall(),
  ];

  const receipts = [
    await erase({ identifier: { scheme: 'NATIVE', value: 'TRS1' } }),
    await erase({
      identifier: { scheme: 'GENESYS', value: two.replaceAll('-', '').toUpperCase() },
    }),
  ];

  expect(receipts.map(({ callId }) => callId)).toEqual([one, two]);
});

test('the ongoing call of a number is before its last one, and the last is the newest', async () => {
  const old = await endedCall({ offeredAt: '2026-01-01T00:00:00Z' });
  const last = await endedCall({ offeredAt: '2026-01-02T00:00:00Z' });
  const live = await call();

  const receipts = [
    await erase({ number: OUTSIDE, status: ['ONGOING', 'LAST'] }),
    await erase({ number: '210', status: ['LAST'] }),
    await erase({ number: front, status: ['LAST', 'ONGOING'] }),
  ];

  expect(receipts).toEqual([
    { callId: live.id, outcome: MARKED },
    { callId: last, outcome: 'DELETED' },
    { callId: old, outcome: 'DELETED' },
  ]);
});

test('the last call of a number is the one that ended last, not the one that began last', async () => {
  const long = await call({ offeredAt: '2026-01-01T00:00:00Z' });
  const short = await endedCall({ offeredAt: '2026-01-01T00:10:00Z' });
  await database.rows(
    sql`update calls set ended_at = ended_at - interval '1 minute' where id = ${short}::uuid`,
  );
  await hangUp(long);

  const receipt = await erase({ number: front, status: ['LAST'] });

  expect(receipt.callId).toBe(long.id);
});

test('a call takes a thousand markers', async () => {
  const callId = await endedCall();
  await database.rows(sql`insert into call_markers (id, organization_id, call_id, name, start_ms)
    select gen_random_uuid(), organization_id, id, 'x', n from calls, generate_series(1, 999) n
    where id = ${callId}::uuid`);
  const mark = () => addMarker(lab.as('alice'), { selector: { callId }, name: 'y', startMs: 1 });

  const outcomes = [await mark(), await mark().catch((refusal: unknown) => refusal)];

  expect(outcomes).toMatchObject([{ callId }, { code: 'BAD_INPUT' }]);
});

test('two ongoing calls of a number are ambiguous, and nothing is done', async () => {
  const lives = [await call(), await call()];

  const deleting = erase({ number: front, status: ['ONGOING', 'LAST'] });

  await expect(deleting).rejects.toMatchObject({ code: 'CALL_AMBIGUOUS' });
  for (const { id } of lives) expect(await lab.row(id)).toMatchObject({ marked: false });
});

test('a call that goes with the release of its hold goes in the name of who had marked it', async () => {
  const live = await call();
  await erase({ callId: live.id });
  await holdCallForLegal(lab.as('alice'), { selector: { callId: live.id } });
  await hangUp(live);

  await releaseLegalHold(lab.as('olivia'), { selector: { callId: live.id } });

  const { userId } = lab.as('alice').principal;
  expect((await auditOf(live.id)).slice(-2)).toMatchObject([
    { operation: 'releaseLegalHold' },
    { operation: 'deleteMarkedCall', userId, dialect: 'tandem' },
  ]);
});

test("an administrator's number is its own organization's, and the audit entry is where the call was", async () => {
  await using other = await openLab(database);
  const [mine, theirs] = [
    await endedCall({ offeredAt: '2026-01-01T00:00:00Z' }),
    (await other.adopt([OUTSIDE, other.organization.numbers.front])).id,
  ];
  await database.rows(
    sql`update calls set state = 'ENDED', ended_at = now() where id = ${theirs}::uuid`,
  );

  const receipts = [
    await deleteCall(lab.as('admin'), { selector: { number: '210', status: ['LAST'] } }),
    await deleteCall(lab.as('admin'), { selector: { callId: theirs } }),
  ];

  expect(receipts.map(({ callId }) => callId)).toEqual([mine, theirs]);
  expect(await auditOf(mine)).toMatchObject([{ organizationId: lab.organization.id }]);
  expect(await auditOf(theirs)).toMatchObject([{ organizationId: other.organization.id }]);
});

test('a deleted call stays away when its tombstone is cut off and its switch names it again', async () => {
  const talk = switchCall([OUTSIDE, front]);
  await record(database, talk);
  await record(database, endOf(talk));
  const [row] = await database.rows<{ id: string }>(
    sql`select id from calls where native_id = ${talk.nativeId}`,
  );
  await erase({ callId: row?.id ?? '' });
  await database.rows(sql`delete from call_changes where call_id = ${row?.id}::uuid`);

  const recorded = await record(database, talk);

  expect(recorded).toBe('DROPPED');
});

test('what was deleted in an earlier run of a switch is forgotten when it lists its calls', async () => {
  const left = () =>
    database.rows(sql`select epoch from deleted_calls where connector = 'forgetful'`);
  await database.rows(
    sql`insert into deleted_calls values ('forgetful', 'first', 'x'), ('forgetful', 'second', 'y')`,
  );
  const nothing = { record: async () => {}, fence: async () => {} };

  await resyncCalls(
    { database, connector: 'forgetful', keepsUserData: false, ...nothing },
    { epoch: 'second', calls: [] },
  );

  expect(await left()).toEqual([{ epoch: 'second' }]);
});

test.each<[string, CallSelector, string]>([
  ['nothing', {}, 'BAD_INPUT'],
  ['a status without a number', { status: ['LAST'] }, 'BAD_INPUT'],
  ['a number without a status', { number: OUTSIDE }, 'BAD_INPUT'],
  ['a number and an id', { number: OUTSIDE, callId: 'x', status: ['LAST'] }, 'BAD_INPUT'],
  ['what is no number', { number: 'x', status: ['LAST'] }, 'PHONE_NUMBER_INVALID'],
  ['an unknown call', { callId: 'x' }, 'CALL_NOT_FOUND'],
  ['a number without calls', { number: '0799', status: ['ONGOING', 'LAST'] }, 'CALL_NOT_FOUND'],
])('a selector of %s is refused', async (_name, selector, code) => {
  const deleting = erase(selector);

  await expect(deleting).rejects.toMatchObject({ code });
});
