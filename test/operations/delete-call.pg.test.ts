import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { addMarker } from '../../src/operations/add-marker.ts';
import { type CallSelector, deleteCall } from '../../src/operations/delete-call.ts';
import { holdCallForLegal } from '../../src/operations/legal-hold.ts';
import { attachUserData } from '../../src/operations/user-data.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { type Lab, openLab } from '../support/lab.ts';
import { startReading } from '../support/reading.ts';
import { endOf, record, switchCall } from '../support/switch-call.ts';

const OUTSIDE = '0722000111';
const MARKED = 'MARKED_FOR_DELETION';

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
});
afterEach(() => lab[Symbol.asyncDispose]());

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

test('two ongoing calls of a number are ambiguous, and nothing is done', async () => {
  const lives = [await call(), await call()];

  const deleting = erase({ number: front, status: ['ONGOING', 'LAST'] });

  await expect(deleting).rejects.toMatchObject({ code: 'CALL_AMBIGUOUS' });
  for (const { id } of lives) expect(await lab.row(id)).toMatchObject({ marked: false });
});

test('the next call of a number goes at its end, and the one after it stays', async () => {
  const receipt = await erase({ number: '210', status: ['ONGOING', 'NEXT'] });
  const [next, later] = [await call(), await call()];

  expect(receipt).toEqual({ callId: null, outcome: MARKED });
  expect(await lab.row(next.id)).toMatchObject({ marked: true });
  expect(await lab.row(later.id)).toMatchObject({ marked: false });
  await hangUp(next);
  expect(await lab.row(next.id)).toBeUndefined();
});

test('the next call of a number is held, marked and deleted, whatever was wished, over a restart, too', async () => {
  const selector: CallSelector = { number: front, status: ['NEXT'] };
  await holdCallForLegal(lab.as('alice'), { selector });
  await addMarker(lab.as('alice'), { selector, name: 'Beginning' });
  await erase(selector);
  await using restarted = await openLab(database);

  const ref = restarted.exchange.adopt({
    ...{ nativeId: 'next', organizationId: lab.organization.id },
    parties: [
      { role: 'CALLER', number: OUTSIDE },
      { role: 'CALLEE', number: front },
    ],
  });
  await restarted.settled();
  restarted.exchange.remoteHangup(ref, 'CALLER');
  await restarted.settled();

  const calls = await database.rows(sql`
    select state, held_for_legal as held, deletion_requested_at is not null as marked, m.name, m.start_ms as at
    from calls c join call_markers m on m.call_id = c.id where c.native_id = 'next'`);
  expect(calls).toEqual([{ state: 'ENDED', held: true, marked: true, name: 'Beginning', at: 0 }]);
});

test('a next call that comes too late stays', async () => {
  await erase({ number: front, status: ['NEXT'] });
  await database.rows(
    sql`update deletion_watches set expires_at = expires_at - interval '60 seconds'`,
  );

  const { id } = await call();

  expect(await lab.row(id)).toMatchObject({ marked: false });
});

test("somebody else's next call is not waited for", async () => {
  const { boss } = lab.organization.numbers;
  await erase({ number: boss, status: ['NEXT'] });

  const { id } = await lab.adopt([OUTSIDE, boss]);

  expect(await lab.row(id)).toMatchObject({ marked: false });
});

test.each<[string, CallSelector, string]>([
  ['nothing', {}, 'BAD_INPUT'],
  ['a number without a status', { number: OUTSIDE }, 'BAD_INPUT'],
  ['a number and an id', { number: OUTSIDE, callId: 'x', status: ['LAST'] }, 'BAD_INPUT'],
  ['what is no number', { number: 'x', status: ['LAST'] }, 'PHONE_NUMBER_INVALID'],
  ['an unknown call', { callId: 'x' }, 'CALL_NOT_FOUND'],
  ['a number without calls', { number: '0799', status: ['ONGOING', 'LAST'] }, 'CALL_NOT_FOUND'],
])('a selector of %s is refused', async (_name, selector, code) => {
  const deleting = erase(selector);

  await expect(deleting).rejects.toMatchObject({ code });
});
