import { randomInt } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { deleteCall } from '../../src/operations/delete-call.ts';
import { holdCallForLegal } from '../../src/operations/legal-hold.ts';
import { deleteUserData } from '../../src/operations/user-data.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { type Lab, openLab } from '../support/lab.ts';
import { layOrganization } from '../support/organization.ts';
import { atLeast, type Reading, startReading } from '../support/reading.ts';

let database: FreshDatabase;
let lab: Lab;
let callId: string;
let ref: Awaited<ReturnType<Lab['adopt']>>['ref'];
let pin: string;
let before: string;

beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(async () => {
  lab = await openLab(database);
  before = await lab.feed.head();
  ({ id: callId, ref } = await lab.adopt(['0722000111', lab.organization.numbers.front]));
  pin = String(randomInt(1e9, 9e9));
});
afterEach(() => lab[Symbol.asyncDispose]());

const press = async () => {
  lab.exchange.press(ref, 'CALLER', pin);
  await lab.settled();
};
const inLog = () =>
  database.rows(sql`
    select from call_changes where call_id = ${callId}::uuid and to_json(call_changes)::text like ${`%${pin}%`}`);
const pressedIn = ({ messages }: Reading) =>
  messages.flatMap((message) =>
    message.type === 'CHANGE' && message.change.kind === 'DTMF' ? [message.change.dtmf] : [],
  );
/** What whoever resumes is told of the call, until so many changes of it have come. */
async function resumed(changes: number) {
  const reading = startReading(lab.feed, { after: before, filter: { callIds: [callId] } });
  await reading.until(atLeast(changes, 'CHANGE'));
  await reading.stop();
  return reading;
}

test('what is pressed is told to those who see the call, and to nobody else', async () => {
  const { visibility } = lab.as('alice');
  const other = await layOrganization(database);
  const [mine, ours, theirs] = [
    startReading(lab.feed, { visibility, after: before }),
    startReading(lab.feed, { visibility: { ...visibility, ownerId: null }, after: before }),
    startReading(lab.feed, { visibility: { organizationId: other.id, ownerId: null } }),
  ];

  await press();

  await Promise.all([mine.until(atLeast(2, 'CHANGE')), ours.until(atLeast(2, 'CHANGE'))]);
  const told = { digits: pin, sequence: '00', pressedAt: expect.any(String) };
  expect([mine, ours, theirs].map(pressedIn)).toEqual([[told], [told], []]);
  await Promise.all([mine, ours, theirs].map((reading) => reading.stop()));
});

test('with its user data, what was pressed is gone, from memory and from the log', async () => {
  await press();
  const earlier = await resumed(2);

  await deleteUserData(lab.as('alice'), { callId });

  const live = startReading(lab.feed, { after: earlier.messages.at(-1)?.position ?? null });
  await live.until(atLeast(1, 'CHANGE'));
  await live.stop();
  expect(pressedIn(earlier)).toMatchObject([{ digits: pin }]);
  expect([pressedIn(live), pressedIn(await resumed(2))]).toEqual([[null], [null]]);
  expect(await inLog()).toEqual([]);
});

test('nothing is told twice of what was pressed and erased', async () => {
  await press();
  await deleteUserData(lab.as('alice'), { callId });

  await deleteUserData(lab.as('alice'), { callId });

  expect(await lab.row(callId)).toMatchObject({ version: 3 });
});

test.each([
  ['keeps user data', new Set(['USER_DATA'] as const)],
  ['keeps no user data', new Set<never>()],
])(
  'what could not be written of a switch that %s is gone with what is erased meanwhile',
  async (_name, capabilities) => {
    const context = lab.as('alice');
    const [[id, carrier] = expect.fail()] = context.switches;
    const switches = new Map([[id, { ...carrier, capabilities }]]);
    await database.rows(
      sql`alter table call_changes add constraint mute check (kind <> 'DTMF') not valid`,
    );
    await press();

    await deleteUserData({ ...context, switches }, { callId });

    await database.rows(sql`alter table call_changes drop constraint mute`);
    await carrier.resync();
    expect(await inLog()).toEqual([]);
  },
);

test('what could not be written is written when nothing is erased', async () => {
  await database.rows(
    sql`alter table call_changes add constraint mute check (kind <> 'DTMF') not valid`,
  );
  await press();

  await database.rows(sql`alter table call_changes drop constraint mute`);

  const [carrier] = lab.as('alice').switches.values();
  await carrier?.resync();
  expect(await inLog()).toHaveLength(1);
});

test('with its call, what was pressed is gone', async () => {
  await press();
  lab.exchange.remoteHangup(ref, 'CALLER');
  await lab.settled();

  await deleteCall(lab.as('alice'), { selector: { callId } });

  expect(await inLog()).toEqual([]);
});

test('a legal hold keeps what was pressed', async () => {
  await press();
  await holdCallForLegal(lab.as('alice'), { selector: { callId } });

  const deleting = deleteUserData(lab.as('alice'), { callId });

  await expect(deleting).rejects.toMatchObject({ code: 'LEGAL_HOLD' });
  expect(await inLog()).toHaveLength(1);
});
