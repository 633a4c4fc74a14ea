import { sql } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { hangupPhoneCall } from '../../src/operations/hangup-phone-call.ts';
import { placeCall } from '../../src/operations/place-call.ts';
import { deleteUserData } from '../../src/operations/user-data.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { type FleetLab, openFleetLab } from '../support/fleet-lab.ts';

const OUTSIDE = '0722000111';

let database: FreshDatabase;
let lab: FleetLab;

beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(async () => {
  lab = await openFleetLab(database);
});

/** A call of the front desk with an outside number; its id when all that was said is recorded. */
async function adopt(settled: () => Promise<void>, userData = {}) {
  const ref = lab.exchange.adopt({
    ...{ nativeId: uuid(), organizationId: lab.organization.id, userData },
    parties: [
      { role: 'CALLER', number: OUTSIDE },
      { role: 'CALLEE', number: lab.organization.numbers.front },
    ],
  });
  await settled();
  const [row] = await database.rows<{ id: string }>(
    sql`select id from calls where connector = ${lab.id} and native_id = ${ref.nativeId}`,
  );
  return { ref, callId: row?.id ?? '' };
}

const leftInBox = () =>
  database.rows(sql`select * from switch_commands where connector = ${lab.id}`);

test('of two processes one has the link, and the other knows how it is', async () => {
  await using first = await lab.join('first');
  await first.linked();

  await using second = await lab.join('second');
  await second.linked();

  expect(first.carrier).toMatchObject({ owner: 'HERE', link: 'UP', lastError: null });
  expect(second.carrier).toMatchObject({ owner: 'ELSEWHERE', link: 'UP', lastError: null });
  expect(lab.events).toEqual([{ member: 'first', what: 'LINKED' }]);
});

test('a hang-up at the other process ends the call', async () => {
  await using first = await lab.join('first');
  await first.linked();
  await using second = await lab.join('second');
  await second.linked();
  const { callId } = await adopt(second.carrier.settled);

  const receipt = await hangupPhoneCall(second.as('alice'), { callId });

  expect(receipt).toMatchObject({ ended: [callId], failed: [] });
  expect(lab.exchange.list().calls).toEqual([]);
  expect(await leftInBox()).toEqual([]);
});

test('a call is placed at the other process, and there at once', async () => {
  await using first = await lab.join('first');
  await first.linked();
  await using second = await lab.join('second');
  await second.linked();
  const input = { extension: '210', to: OUTSIDE, userData: { crm: '42' } };

  const { callId } = await placeCall(second.as('alice'), input);

  expect(lab.exchange.list().calls).toMatchObject([{ userData: { crm: '42' } }]);
  expect(callId).toMatch(/^[0-9a-f-]{36}$/);
  expect(await leftInBox()).toEqual([]);
});

test('user data that is deleted at the other process is nowhere', async () => {
  await using first = await lab.join('first');
  await first.linked();
  await using second = await lab.join('second');
  await second.linked();
  const { callId } = await adopt(second.carrier.settled, { secret: 'x' });

  await deleteUserData(second.as('alice'), { callId });

  expect(lab.exchange.list().calls).toMatchObject([{ userData: {} }]);
  const rows = await database.rows(
    sql`select user_data from calls where id = ${callId}::uuid and user_data is not null`,
  );
  expect([...rows, ...(await leftInBox())]).toEqual([]);
});

test("the switch's no comes as it is said to its owner", async () => {
  await using first = await lab.join('first');
  await first.linked();
  await using second = await lab.join('second');
  await second.linked();
  const nobody = { epoch: 'none', nativeId: 'none' };

  const outcomes = await Promise.allSettled(
    [first, second].map(({ carrier }) => carrier.commands.sendDtmf(nobody, '1')),
  );

  const [own, others] = outcomes.map((outcome) =>
    outcome.status === 'rejected' ? [outcome.reason.code, outcome.reason.message] : outcome,
  );
  expect(others).toEqual(own);
  expect(own).toMatchObject(['CALL_NOT_FOUND', expect.any(String)]);
});

test('where nobody has the link, nothing is done, and that is said at once', async () => {
  const { exchange } = lab;
  await using first = await lab.join('first');
  await first.linked();
  const { ref } = await adopt(first.carrier.settled);
  await first[Symbol.asyncDispose]();

  const ending = first.carrier.commands.hangup(ref);

  await expect(ending).rejects.toMatchObject({ code: 'LINK_DOWN' });
  expect(exchange.list().calls).toHaveLength(1);
});

test('hang-ups that wait for their turn at the owner take as long as they need', async () => {
  lab = await openFleetLab(database, { turnMs: 150 });
  await using first = await lab.join('first');
  await first.linked();
  await using second = await lab.join('second');
  await second.linked();
  const refs = await Promise.all(
    Array.from({ length: 60 }, async () => (await adopt(first.carrier.settled)).ref),
  );

  const outcomes = await Promise.all(refs.map((ref) => second.carrier.commands.hangup(ref)));

  expect(new Set(outcomes)).toEqual(new Set(['ACCEPTED']));
  expect(lab.exchange.list().calls).toEqual([]);
});

test('a hundred commands of two processes are each carried out once', async () => {
  await using first = await lab.join('first');
  await first.linked();
  await using second = await lab.join('second');
  await using third = await lab.join('third');
  await Promise.all([second.linked(), third.linked()]);
  const refs = await Promise.all(
    Array.from({ length: 100 }, async () => (await adopt(first.carrier.settled)).ref),
  );

  const outcomes = await Promise.all(
    refs.map((ref, index) => (index % 2 ? second : third).carrier.commands.hangup(ref)),
  );

  expect(new Set(outcomes)).toEqual(new Set(['ACCEPTED']));
  expect(lab.exchange.list().calls).toEqual([]);
  const commanded = lab.events.filter(({ what }) => what === 'COMMANDED');
  expect(commanded).toEqual(refs.map(() => ({ member: 'first', what: 'COMMANDED' })));
  expect(await leftInBox()).toEqual([]);
});
