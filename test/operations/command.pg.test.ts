import { sql } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SCOPES, type Scope } from '../../src/model/account.ts';
import { failuresBeside } from '../../src/model/errors.ts';
import { addMarker } from '../../src/operations/add-marker.ts';
import { runCommand } from '../../src/operations/command.ts';
import { holdCall, sendDtmf } from '../../src/operations/command-call.ts';
import { deleteCall } from '../../src/operations/delete-call.ts';
import { hangupPhoneCall } from '../../src/operations/hangup-phone-call.ts';
import {
  createPhoneCallEvent,
  deletePhoneCallEvents,
} from '../../src/operations/phone-call-events.ts';
import { placeCall } from '../../src/operations/place-call.ts';
import { attachUserData, deleteUserData } from '../../src/operations/user-data.ts';
import type { Database } from '../../src/store/database.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { type Lab, openLab } from '../support/lab.ts';
import { layOrganization } from '../support/organization.ts';

type Context = ReturnType<Lab['as']>;

const KEY = uuid();

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

const call = () => lab.adopt(['0722000111', lab.organization.numbers.front]);
const endedCall = async () => {
  const { id, ref } = await call();
  lab.exchange.remoteHangup(ref, 'CALLER');
  await lab.settled();
  return id;
};
/** What the call was sent, by a command that does it again each time. */
const dial = (callId: string, digits: string, idempotencyKey?: string, context = lab.as('alice')) =>
  sendDtmf(context, { callId, digits, idempotencyKey });
const entries = ({ requestId }: Context) => database.client`
  select operation, subjects, result, dialect, user_id as "userId" from audit_entries where request_id = ${requestId}`;

test('the same key and input give the first answer again, and do nothing', async () => {
  const { id, ref } = await call();
  const key = uuid();

  const answers = [await dial(id, '1', key), await dial(id, '1', key)];

  expect(answers).toEqual([{ callId: id }, { callId: id }]);
  expect(lab.exchange.digitsOf(ref)).toBe('1');
});

test.each([
  ['a command', (context: Context, id: string) => dial(id, '1', KEY, context)],
  [
    'one whose entry is written with what it does',
    (context: Context, id: string) => {
      const input = { callId: id, idempotencyKey: KEY };
      return attachUserData(context, { ...input, userData: { card: '1' } });
    },
  ],
])('who repeats %s is audited as one who got an answer again', async (_name, run) => {
  const { id } = await call();
  await database.rows(sql`delete from idempotency_keys where key = ${KEY}`);
  const [first, second] = [lab.as('alice'), lab.as('alice')];

  await run(first, id);
  await run(second, id);

  expect(await entries(first)).toMatchObject([{ subjects: [id], result: 'OK' }]);
  expect(await entries(second)).toMatchObject([{ subjects: [id], result: 'REPEATED' }]);
});

test.each([
  ['other input', (id: string, key: string) => dial(id, '2', key)],
  [
    'another operation',
    (id: string, key: string) => holdCall(lab.as('alice'), { callId: id, idempotencyKey: key }),
  ],
])('the same key with %s is a conflict', async (_name, again) => {
  const { id, ref } = await call();
  const key = uuid();
  await dial(id, '1', key);

  const second = again(id, key);

  await expect(second).rejects.toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
  expect(lab.exchange.digitsOf(ref)).toBe('1');
});

test("somebody else's same key is another one", async () => {
  const { id, ref } = await call();
  const key = uuid();
  await dial(id, '1', key);

  await dial(id, '2', key, lab.as('olivia'));

  expect(lab.exchange.digitsOf(ref)).toBe('12');
});

test('the answer of an organization is not given again to who has gone to another one', async () => {
  const { id } = await call();
  const key = uuid();
  const { principal, ...before } = lab.as('alice');
  await dial(id, '1', key);
  const elsewhere = await layOrganization(database);

  const again = dial(id, '1', key, {
    ...{ ...before, principal: { ...principal, organizationId: elsewhere.id } },
    visibility: { ...before.visibility, organizationId: elsewhere.id },
  });

  await expect(again).rejects.toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
});

test('a refusal frees the key', async () => {
  const { id, ref } = await call();
  const key = uuid();
  const refused = dial(id, '', key);
  await expect(refused).rejects.toMatchObject({ code: 'BAD_INPUT' });

  await dial(id, '1', key);

  expect(lab.exchange.digitsOf(ref)).toBe('1');
});

test('what took so long that a second try has done it meanwhile is not done again', async () => {
  const { id } = await call();
  const key = uuid();
  const late = lab.as('alice');

  const done = runCommand(late, {
    ...{ operation: 'attachUserData', scope: 'CONTROL', input: { idempotencyKey: key } },
    run: async (_, written) =>
      database.transaction(async (tx) => {
        await tx.rows(sql`update calls set user_data = '{"done": "twice"}' where id = ${id}::uuid`);
        await database.rows(sql`update idempotency_keys set result = '{}' where key = ${key}`);
        return written(tx, { callId: id });
      }),
  });

  await expect(done).rejects.toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
  const [row] = await database.client`select user_data from calls where id = ${id}`;
  expect(row).toEqual({ user_data: null });
});

test('while nobody knows what a switch did, the key is in use', async () => {
  const { id } = await call();
  const key = uuid();
  lab.exchange.faults.add('timeout');
  const first = dial(id, '1', key);
  await expect(first).rejects.toMatchObject({ code: 'SWITCH_TIMEOUT' });
  lab.exchange.faults.clear();

  const second = dial(id, '1', key);

  await expect(second).rejects.toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
});

test('a deletion whose commit was not answered is not done again, and gives its first answer', async () => {
  const old = await endedCall();
  await database.rows(sql`update calls set offered_at = offered_at - interval '1 hour',
    ended_at = ended_at - interval '1 hour' where id = ${old}::uuid`);
  const last = await endedCall();
  const lost: Database = {
    ...database,
    transaction: async (work) => {
      await database.transaction(work);
      throw new Error('The connection was closed.');
    },
  };
  const input = {
    selector: { number: lab.organization.numbers.front, status: ['LAST'] as const },
    idempotencyKey: uuid(),
  };
  const unanswered = deleteCall({ ...lab.as('olivia'), database: lost }, input);
  await expect(unanswered).rejects.toThrow('The connection was closed.');

  const again = await deleteCall(lab.as('olivia'), input);

  expect(again).toEqual({ callId: last, outcome: 'DELETED' });
  expect(await lab.row(old)).toMatchObject({ state: 'ENDED' });
});

test('what cannot be written down is not done', async () => {
  const id = await endedCall();
  await attachUserData(lab.as('alice'), { callId: id, userData: { card: 'secret' } });
  // No database takes such a text.
  const context = { ...lab.as('alice'), requestId: '\0' };
  const extension = lab.organization.numbers.front;
  const rule = { extension, type: 0, url: 'https://example.org/' };
  await createPhoneCallEvent(lab.as('alice'), rule);

  const outcomes = await Promise.allSettled([
    addMarker(context, { selector: { callId: id }, name: 'A place', startMs: 0 }),
    deletePhoneCallEvents(context, { extension }),
    deleteUserData(context, { callId: id }),
  ]);

  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  const left = await database.rows(sql`
    select user_data as data, (select count(*)::int from call_markers where call_id = c.id) as markers,
      (select count(*)::int from phone_call_events e join extensions x on x.id = e.extension_id
        where x.number = ${extension}) as rules
    from calls c where id = ${id}::uuid`);
  expect(left).toEqual([{ data: { card: 'secret' }, markers: 0, rules: 1 }]);
});

test('what is forbidden is written down once a request', async () => {
  const without = lab.as('alice', ['READ']);
  const input = { selector: { callId: uuid() } };

  const outcomes = await Promise.allSettled([
    ...[
      deleteCall(without, input),
      deleteCall(without, input),
      dial(uuid(), '1', undefined, without),
    ],
  ]);

  expect(outcomes.map((one) => one.status === 'rejected' && one.reason.code)).toEqual(
    Array(3).fill('FORBIDDEN'),
  );
  expect(await entries(without)).toHaveLength(1);
});

test('of twins at the same time one does it', async () => {
  const { id, ref } = await call();
  const key = uuid();

  const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => dial(id, '1', key)));

  expect(lab.exchange.digitsOf(ref)).toBe('1');
  for (const outcome of outcomes) {
    if (outcome.status === 'fulfilled') expect(outcome.value).toEqual({ callId: id });
    else expect(outcome.reason).toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
  }
});

test.each([
  ['a day', '25 hours', '{"callId": "old"}'],
  ['the death of its process', '6 minutes', null],
])('a key is free again after %s', async (_name, age, result) => {
  const { id, ref } = await call();
  const key = uuid();
  await dial(id, '1', key);
  await database.client`update idempotency_keys
    set result = ${result}::text::jsonb, created_at = now() - ${age}::interval where key = ${key}`;

  await dial(id, '2', key);

  expect(lab.exchange.digitsOf(ref)).toBe('12');
});

test('success and refusal are written down, with ids and no content', async () => {
  const { id } = await call();
  const [good, bad] = [lab.as('alice'), lab.as('alice')];

  await attachUserData(good, { callId: id, userData: { card: 'secret' } });
  await attachUserData(bad, { callId: uuid(), userData: { card: 'secret' } }).catch(() => {});

  const common = { operation: 'attachUserData', dialect: 'graphql', userId: good.principal.userId };
  expect(await entries(good)).toEqual([{ ...common, subjects: [id], result: 'OK' }]);
  expect(await entries(bad)).toEqual([{ ...common, subjects: [], result: 'CALL_NOT_FOUND' }]);
});

test.each([
  [
    'a refusal',
    'CALL_NOT_FOUND',
    (context: Context, key: string) => dial(uuid(), '1', key, context),
  ],
  [
    'the end of a switch',
    'SWITCH_TIMEOUT',
    async (context: Context, key: string) => {
      const { id } = await call();
      lab.exchange.faults.add('timeout');
      return dial(id, '1', key, context).finally(() => lab.exchange.faults.clear());
    },
  ],
])(
  '%s that cannot be written down stays what it is, with what failed',
  async (_name, code, run) => {
    // No database takes such a text.
    const context = { ...lab.as('alice'), requestId: '\0' };

    const error = await run(context, uuid()).catch((refusal: unknown) => refusal);

    expect(error).toMatchObject({ code });
    expect(failuresBeside(error)).toMatchObject([{ cause: { code: '22P05' } }]);
  },
);

const COMMANDS: [string, Scope, (context: Context, callId: string) => Promise<unknown>][] = [
  ['hangupPhoneCall', 'CONTROL', (context, callId) => hangupPhoneCall(context, { callId })],
  ['sendDtmf', 'CONTROL', (context, callId) => sendDtmf(context, { callId, digits: '1' })],
  ['placeCall', 'CONTROL', (context) => placeCall(context, { extension: '210', to: '1' })],
  [
    'attachUserData',
    'CONTROL',
    (context, callId) => attachUserData(context, { callId, userData: {} }),
  ],
  ['deleteCall', 'MANAGE', (context, callId) => deleteCall(context, { selector: { callId } })],
  [
    'deletePhoneCallEvents',
    'MANAGE',
    (context) => deletePhoneCallEvents(context, { extension: '210' }),
  ],
];

test.each(COMMANDS)(
  '%s without the scope %s is forbidden and written down',
  async (_name, scope, run) => {
    const { id } = await call();
    const without = lab.as(
      'alice',
      SCOPES.filter((one) => one !== scope),
    );
    const before = await lab.row(id);

    const running = run(without, id);

    await expect(running).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(await entries(without)).toMatchObject([{ result: 'FORBIDDEN', subjects: [] }]);
    expect(await lab.row(id)).toEqual(before);
  },
);
