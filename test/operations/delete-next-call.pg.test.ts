import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { addMarker } from '../../src/operations/add-marker.ts';
import { type CallSelector, deleteCall } from '../../src/operations/delete-call.ts';
import { holdCallForLegal } from '../../src/operations/legal-hold.ts';
import { forgetLapsedWishes } from '../../src/operations/watch-next.ts';
import type { FreshDatabase } from '../support/database.ts';
import { eachLab } from '../support/each-lab.ts';
import { type Lab, openLab } from '../support/lab.ts';
import { record, switchCall } from '../support/switch-call.ts';

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
const offeredIn = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();
/** One that is offered after all that was asked for. */
const nextCall = () => call({ offeredAt: offeredIn(1) });
const hangUp = async ({ ref }: Awaited<ReturnType<typeof call>>) => {
  lab.exchange.remoteHangup(ref, 'CALLER');
  await lab.settled();
};
const auditOf = (subject: string | undefined) =>
  database.rows(sql`select operation, dialect, user_id as "userId", subjects, organization_id as "organizationId"
    from audit_entries where ${subject ?? ''} = any(subjects) order by id`);
const erase = (selector: CallSelector) => deleteCall(lab.as('alice'), { selector });

test('the next call of a number goes at its end, and the one after it stays', async () => {
  const receipt = await erase({ number: '210', status: ['ONGOING', 'NEXT'] });
  const [next, later] = [await nextCall(), await nextCall()];

  expect(receipt).toEqual({ callId: null, outcome: MARKED });
  expect(await lab.row(next.id)).toMatchObject({ marked: true });
  expect(await lab.row(later.id)).toMatchObject({ marked: false });
  await hangUp(next);
  expect(await lab.row(next.id)).toBeUndefined();
});

test('the next call of a number is held and marked, whatever was wished, over a restart, too, and never deleted against a hold', async () => {
  const selector: CallSelector = { number: front, status: ['NEXT'] };
  await holdCallForLegal(lab.as('alice'), { selector });
  await addMarker(lab.as('alice'), { selector, name: 'Beginning' });
  await erase(selector);
  await using restarted = await openLab(database);

  const ref = restarted.exchange.adopt({
    ...{ nativeId: 'next', organizationId: lab.organization.id, offeredAt: offeredIn(1) },
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
  expect(calls).toEqual([{ state: 'ENDED', held: true, marked: false, name: 'Beginning', at: 0 }]);
  const own = await database.rows(sql`select operation, result from audit_entries
    where dialect = 'tandem' and organization_id = ${lab.organization.id}::uuid order by id`);
  expect(own).toEqual([
    { operation: 'holdCallForLegal', result: 'OK' },
    { operation: 'addMarker', result: 'OK' },
    { operation: 'deleteCall', result: 'LEGAL_HOLD' },
  ]);
});

test('a next call that comes too late stays', async () => {
  await erase({ number: front, status: ['NEXT'] });
  await database.rows(
    sql`update deletion_watches set expires_at = expires_at - interval '60 seconds'`,
  );

  const { id } = await nextCall();

  expect(await lab.row(id)).toMatchObject({ marked: false });
});

test('of a wish for which no call has come, that is written down when it is forgotten', async () => {
  await erase({ number: front, status: ['NEXT'] });
  await database.rows(
    sql`update deletion_watches set expires_at = expires_at - interval '25 hours'`,
  );

  await forgetLapsedWishes(database);

  const entries = await database.rows<{ result: string; subjects: string[] }>(sql`
    select result, subjects from audit_entries where organization_id = ${lab.organization.id}::uuid order by id`);
  expect(entries.map(({ result }) => result)).toEqual(['OK', 'CALL_NOT_FOUND']);
  expect(entries[0]?.subjects).toEqual(entries[1]?.subjects);
  expect(await database.rows(sql`select from deletion_watches`)).toEqual([]);
});

test("somebody else's next call is not waited for", async () => {
  const { boss } = lab.organization.numbers;
  await erase({ number: boss, status: ['NEXT'] });

  const { id } = await lab.adopt([OUTSIDE, boss], { offeredAt: offeredIn(1) });

  expect(await lab.row(id)).toMatchObject({ marked: false });
});

test('a call that gets the number later than its first leg is the next one', async () => {
  await erase({ number: front, status: ['NEXT'] });
  const whole = switchCall([OUTSIDE, front], { offeredAt: offeredIn(1) });
  await record(database, { ...whole, state: 'DIALING', parties: whole.parties.slice(0, 1) });

  await record(database, whole);

  const rows = await database.rows(sql`
    select deletion_requested_at is not null as marked from calls where native_id = ${whole.nativeId}`);
  expect(rows).toEqual([{ marked: true }]);
});

test.each([
  ['began before the wish, and is heard of after it, stays', -600, 0, false],
  ['began within the minute, and is heard of after it, goes', -30, 65, true],
])('a call that %s', async (_name, offered, laterBy, marked) => {
  await erase({ number: front, status: ['NEXT'] });
  await database.rows(sql`update deletion_watches set created_at = created_at - make_interval(secs => ${laterBy}),
    expires_at = expires_at - make_interval(secs => ${laterBy})`);

  const { id } = await call({ offeredAt: offeredIn(offered) });

  expect(await lab.row(id)).toMatchObject({ marked });
});

test('the audit log says whose wish it was that held or deleted a call', async () => {
  const { userId } = lab.as('alice').principal;
  const selector: CallSelector = { number: front, status: ['NEXT'] };
  await holdCallForLegal(lab.as('alice'), { selector });
  const held = await nextCall();
  await erase(selector);
  const gone = await nextCall();

  await hangUp(gone);

  const own = { dialect: 'tandem', userId };
  const [[, holdWish], [, deleteWish]] = [await auditOf(held.id), await auditOf(gone.id)].map(
    ([entry]) => (entry?.['subjects'] ?? []) as string[],
  ) as [string[], string[]];
  expect(await auditOf(holdWish)).toMatchObject([
    { operation: 'holdCallForLegal', dialect: 'graphql', userId },
    { operation: 'holdCallForLegal', ...own, subjects: [held.id, holdWish] },
  ]);
  expect(await auditOf(deleteWish)).toMatchObject([
    { operation: 'deleteCall', dialect: 'graphql', userId },
    { operation: 'deleteCall', ...own, subjects: [gone.id, deleteWish] },
    { operation: 'deleteMarkedCall', ...own, subjects: [gone.id, deleteWish] },
  ]);
});
