import { sql } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { EVERYTHING } from '../../src/model/visibility.ts';
import {
  createPhoneCallEvent,
  type DeleteEventsInput,
  deletePhoneCallEvents,
  type UpdateEventInput,
  updatePhoneCallEvent,
} from '../../src/operations/phone-call-events.ts';
import { redeliverPhoneCallEvent } from '../../src/operations/redeliver-phone-call-event.ts';
import type { Database } from '../../src/store/database.ts';
import { readEvents } from '../../src/store/queries/read.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { type Lab, openLab } from '../support/lab.ts';

const URL_OF_HOOK = 'https://crm.example/hook';

let database: FreshDatabase;
let lab: Lab;

beforeAll(async () => {
  database = await freshDatabase();
  lab = await openLab(database);
});
afterAll(async () => {
  await lab[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});
beforeEach(() => database.client`truncate phone_call_events, event_deliveries`);

const create = async (type: number, extension = '210') => {
  const { rowId } = await createPhoneCallEvent(lab.as('alice'), {
    extension,
    type,
    url: URL_OF_HOOK,
  });
  const [event] = await readEvents(database, [rowId], {}, EVERYTHING);
  return event ?? expect.fail();
};
const remove = (input: Partial<DeleteEventsInput>) =>
  deletePhoneCallEvents(lab.as('alice'), { extension: '210', ...input });
const left = async () =>
  (await database.client`select id from phone_call_events`).map(({ id }) => id);

test('a rule is made with what it needs', async () => {
  const event = await create(1);

  expect(event).toMatchObject({
    ...{ type: 1, method: 'POST', url: URL_OF_HOOK, status: 'ENABLED', note: null },
    id: expect.stringMatching(/^[A-Za-z0-9]{30}$/),
  });
});

test('a rule whose commit was not answered is not made again', async () => {
  const lost: Database = {
    ...database,
    transaction: async (work) => {
      await database.transaction(work);
      throw new Error('The connection was closed.');
    },
  };
  const input = { extension: '210', type: 1, url: URL_OF_HOOK, idempotencyKey: uuid() };
  const unanswered = createPhoneCallEvent({ ...lab.as('alice'), database: lost }, input);
  await expect(unanswered).rejects.toThrow('The connection was closed.');

  const { rowId } = await createPhoneCallEvent(lab.as('alice'), input);

  const [event] = await readEvents(database, [rowId], {}, EVERYTHING);
  expect(await left()).toEqual([event?.id]);
});

test('an extension takes a hundred rules, and another one takes its own', async () => {
  await create(0);
  await database.client`
    insert into phone_call_events (row_id, organization_id, extension_id, id, type, method, url, status)
    select gen_random_uuid(), organization_id, extension_id, id || n, type, method, url, status
    from phone_call_events, generate_series(2, 100) n`;

  const more = create(0);

  await expect(more).rejects.toMatchObject({ code: 'BAD_INPUT' });
  await create(0, '215');
  expect(await left()).toHaveLength(101);
});

test('an update changes what is given and nothing else', async () => {
  const { id: eventId } = await create(2);
  const input = { extension: '210', eventId, status: 'DISABLED', note: 'later' } as const;

  const { rowId } = await updatePhoneCallEvent(lab.as('alice'), input);

  const [event] = await readEvents(database, [rowId], {}, EVERYTHING);
  expect(event).toMatchObject({ status: 'DISABLED', note: 'later', url: URL_OF_HOOK, type: 2 });
});

test('one rule, those of a type, or all of an extension are deleted', async () => {
  const rules = [await create(0), await create(0), await create(1), await create(2)];
  const other = await create(0, '215');
  const [one, two, three, four] = rules.map(({ id }) => id);

  const deleted = [
    await remove({ eventId: one ?? '' }),
    await remove({ type: 0 }),
    await remove({}),
  ];

  expect(deleted.map(({ deletedIds }) => deletedIds)).toEqual([[one], [two], [three, four]]);
  expect(await left()).toEqual([other.id]);
});

test('to delete what is none is no error, unless it was named', async () => {
  const none = await remove({ type: 3 });
  const named = remove({ eventId: 'NqeyDRqo4FtabmFj8gNWq3hsiGNYyq' });

  expect(none).toEqual({ deletedIds: [] });
  await expect(named).rejects.toMatchObject({ code: 'EVENT_NOT_FOUND' });
});

test.each<[string, Partial<DeleteEventsInput>, string]>([
  ["somebody else's extension", { extension: '220' }, 'EXTENSION_NOT_FOUND'],
  ['an unknown extension', { extension: '999' }, 'EXTENSION_NOT_FOUND'],
  ['a mailbox', { extension: '290' }, 'EXTENSION_TYPE_NOT_ALLOWED'],
  ['an unknown type', { type: 5 }, 'EVENT_TYPE_INVALID'],
  ["another type than the rule's", { type: 1, eventId: 'first' }, 'EVENT_NOT_FOUND'],
  ['another user', { owner: '99999' }, 'USER_NOT_FOUND'],
])('rules of %s are not deleted', async (_name, input, code) => {
  const { id } = await create(0);
  const named = input.eventId ? { ...input, eventId: id } : input;

  const deleting = remove(named);

  await expect(deleting).rejects.toMatchObject({ code });
  expect(await left()).toEqual([id]);
});

test("another extension's rule is not found under this one", async () => {
  const { id: eventId } = await create(0, '215');

  const outcomes = await Promise.allSettled([
    remove({ eventId }),
    updatePhoneCallEvent(lab.as('alice'), { extension: '210', eventId, note: 'mine' }),
  ]);

  const refused = { status: 'rejected', reason: { code: 'EVENT_NOT_FOUND' } };
  expect(outcomes).toMatchObject([refused, refused]);
});

test.each([
  ['a URL of another protocol', { url: 'file:///etc/passwd', type: 0 }, 'BAD_INPUT'],
  ['a URL without slashes', { url: 'https:crm.example/', type: 0 }, 'BAD_INPUT'],
  ['a URL with other slashes', { url: 'https:\\\\crm.example/', type: 0 }, 'BAD_INPUT'],
  ['a URL with one slash too many', { url: 'https:///crm.example/', type: 0 }, 'BAD_INPUT'],
  ['a URL that is too long', { url: `https://a/${'x'.repeat(2048)}`, type: 0 }, 'BAD_INPUT'],
  ['an unknown type', { url: URL_OF_HOOK, type: -1 }, 'EVENT_TYPE_INVALID'],
  ['a note with U+0000', { url: URL_OF_HOOK, type: 0, note: 'a\0' }, 'BAD_INPUT'],
])('a rule with %s is not made', async (_name, settings, code) => {
  const making = createPhoneCallEvent(lab.as('alice'), { extension: '210', ...settings });

  await expect(making).rejects.toMatchObject({ code });
  expect(await left()).toEqual([]);
});

/** Lays what a rule has fired, due now. */
const fire = (rowId: string, partial: { state?: string; dueAt?: string } = {}) =>
  database.rows(sql`
    insert into event_deliveries (id, organization_id, event_row_id, call_id, receiver, parameters, state, due_at)
    values (gen_random_uuid(), ${lab.organization.id}::uuid, ${rowId}::uuid, gen_random_uuid(), 'https://crm.example',
      '{}', ${partial.state ?? 'PENDING'}, ${partial.dueAt ?? '-infinity'})`);
const waiting = () =>
  database.rows<{ receiver: string; state: string; held: boolean }>(sql`
    select receiver, state, due_at = 'infinity' as held from event_deliveries
    where organization_id = ${lab.organization.id}::uuid order by position`);
const update = (eventId: string, settings: Partial<UpdateEventInput>) =>
  updatePhoneCallEvent(lab.as('alice'), { extension: '210', eventId, ...settings });

test('what a rule has fired goes to its new URL', async () => {
  const { id, rowId } = await create(0);
  await fire(rowId);

  await update(id, { url: 'https://other.example:8443/hook' });

  expect(await waiting()).toMatchObject([{ receiver: 'https://other.example:8443' }]);
});

test('what was delivered is sent again to the URL that its rule has by now', async () => {
  const { id, rowId } = await create(0);
  await fire(rowId, { state: 'DELIVERED' });
  await update(id, { url: 'https://other.example:8443/hook' });
  const [{ deliveryId } = expect.fail()] = await database.rows<{ deliveryId: string }>(
    sql`select id as "deliveryId" from event_deliveries`,
  );

  await redeliverPhoneCallEvent(lab.as('alice'), { deliveryId });

  expect(await waiting()).toMatchObject([
    { receiver: 'https://other.example:8443', state: 'PENDING' },
  ]);
});

test('a disabled rule holds what it has fired until it is enabled', async () => {
  const { id, rowId } = await create(0);
  await fire(rowId);

  await update(id, { status: 'DISABLED' });

  expect(await waiting()).toMatchObject([{ held: true }]);
  await update(id, { status: 'ENABLED' });
  expect(await waiting()).toMatchObject([{ held: false }]);
});

test('a suspended rule that is enabled sends what it has fired', async () => {
  const { id, rowId } = await create(0);
  await fire(rowId, { state: 'SUSPENDED' });
  await fire(rowId, { dueAt: 'infinity' });
  await database.rows(sql`update phone_call_events set suspended_at = now()`);

  await update(id, { status: 'ENABLED' });

  const due = { state: 'PENDING', held: false };
  expect(await waiting()).toMatchObject([due, due]);
  expect(await database.rows(sql`select suspended_at from phone_call_events`)).toEqual([
    { suspended_at: null },
  ]);
});

test('a deleted rule takes what it has fired with it, and nothing of others', async () => {
  const [gone, kept] = [await create(0), await create(1)];
  await fire(gone.rowId);
  await fire(kept.rowId);

  await remove({ eventId: gone.id });

  expect(await waiting()).toHaveLength(1);
});
