import { randomInt } from 'node:crypto';
import { verify } from '@node-rs/argon2';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { PLAIN_NUMBERS } from '../../src/model/number-rules.ts';
import { hashSecret } from '../../src/model/secret.ts';
import { deleteCall } from '../../src/operations/delete-call.ts';
import { eraseMarkedCall } from '../../src/operations/erase-call.ts';
import { eraseSubject, resumeErasure, stopErasure } from '../../src/operations/erase-subject.ts';
import { startErasing } from '../../src/operations/erasing.ts';
import { type StepOutcome, stepErasure } from '../../src/operations/erasure-step.ts';
import { findErasure } from '../../src/operations/find-erasure.ts';
import { holdCallForLegal } from '../../src/operations/legal-hold.ts';
import { lockCall } from '../../src/operations/log-change.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { type Lab, openLab } from '../support/lab.ts';

/** A switch in London, where 9 is dialled for an outside line. */
const NUMBERS = new Map([['london', { ...PLAIN_NUMBERS, country: 'GB' as const, outside: '9' }]]);

let database: FreshDatabase;
let lab: Lab;
let number: string;
beforeAll(async () => {
  database = await freshDatabase();
  lab = await openLab(database);
});
afterAll(async () => {
  await lab[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});
beforeEach(() => {
  number = `+${randomInt(1e11, 9e11)}`;
});

/** Ended calls with a caller. */
const lay = async (caller: string, count = 1, userData: object | null = null) => {
  const rows = await database.rows<{ id: string }>(sql`
    with laid as (
      insert into calls (id, organization_id, state, direction, call_type, offered_at, ended_at, user_data)
      select gen_random_uuid(), ${lab.organization.id}::uuid, 'ENDED', 'INBOUND', 'INBOUND', now(), now(),
        ${sql.param(userData)}::jsonb from generate_series(1, ${count}::int)
      returning *
    )
    insert into participants (call_id, sequence, organization_id, role, number, state, offered_at)
    select id, '00', organization_id, 'CALLER', ${caller}, state, offered_at from laid returning call_id as id`);
  return rows.map(({ id }) => id);
};

const begin = async (of = number) => {
  const context = lab.as('olivia');
  const [[id, ours] = expect.fail()] = context.switches;
  const london = [...NUMBERS].map(([name, numbers]) => [name, { ...ours, numbers }] as const);
  const switches = new Map([[id, ours], ...london]);
  const { erasureId } = await eraseSubject({ ...context, switches }, { number: of });
  return erasureId ?? '';
};
const run = async (id: string): Promise<StepOutcome> => {
  for (;;) {
    const outcome = await stepErasure(database, id, NUMBERS);
    if (outcome !== 'MORE') return outcome;
  }
};
const find = (id: string) => findErasure(lab.as('olivia'), id);
const left = async (ids: readonly string[]) =>
  (await database.rows(sql`select from calls where id = any(${sql.param(ids)}::uuid[])`)).length;

test('a dry run counts, and does nothing', async () => {
  const ids = await lay(number, 3);
  await lab.adopt([number, '1']);
  const live = await lab.adopt([number, lab.organization.numbers.front]);
  await holdCallForLegal(lab.as('alice'), { selector: { callId: live.id } });

  const receipt = await eraseSubject(lab.as('olivia'), { number, dryRun: true });

  expect(receipt).toEqual({ erasureId: null, counts: { calls: 5, live: 2, held: 1 } });
  expect(await left(ids)).toBe(3);
});

test('what is only dialled, named or noted somewhere is expected as it is erased', async () => {
  const [dialled = '', named = '', parked = '', noted = '', told = '', logged = '', held = ''] =
    await lay('1', 7);
  await lab.adopt(['1', lab.organization.numbers.front], { userData: { only: number } });
  const home = sql`${lab.organization.id}::uuid`;
  await database.rows(sql`update calls set dnis = ${number} where id in (${dialled}, ${held})`);
  await database.rows(sql`update calls set held_for_legal = true where id = ${held}`);
  await database.rows(
    sql`update participants set name = ${`x ${number}`} where call_id = ${named}`,
  );
  await database.rows(sql`update participants set parked_by = ${number} where call_id = ${parked}`);
  await database.rows(sql`insert into call_identifiers (organization_id, scheme, value, call_id)
    values (${home}, 'SIP', ${`${number}@x`}, ${noted})`);
  await database.rows(sql`
    insert into event_deliveries (id, organization_id, event_row_id, call_id, receiver, parameters)
    values (gen_random_uuid(), ${home}, gen_random_uuid(), ${told}, '', ${sql.param({ a: number })}::jsonb)`);
  await database.rows(sql`
    insert into call_changes (organization_id, call_id, version, kind, occurred_at, state, extension_ids, owner_ids)
    values (${home}, ${logged}, 1, 'STATE', now(), ${sql.param({ ani: number })}::jsonb, '{}', '{}')`);
  const counted = await eraseSubject(lab.as('olivia'), { number, dryRun: true });
  const id = await begin();

  await run(id);

  expect(counted.counts).toEqual({ calls: 7, live: 0, held: 1 });
  expect(await find(id)).toMatchObject({ expected: 7, erased: 6, held: 1 });
});

test('every spelling goes, and numbers that only look alike stay', async () => {
  const bare = number.slice(1);
  const gone = [...(await lay(number)), ...(await lay(bare))];
  const alike = [`${number}1`, `1${bare}`, `0${bare}`];
  const stay = (await Promise.all(alike.map((one) => lay(one, 1, { next: one })))).flat();
  const mentioning = await lay('1', 1, { a: `call ${number}!`, b: [{ c: bare }], d: `${number}1` });
  const id = await begin(bare);

  const outcome = await run(id);

  expect(outcome).toBe('DONE');
  expect([await left(gone), await left(stay)]).toEqual([0, 3]);
  expect((await lab.row(mentioning[0] ?? ''))?.userData).toEqual({ d: `${number}1` });
  expect(await find(id)).toMatchObject({ state: 'DONE', expected: 2, erased: 2, cleared: 1 });
});

test('a number that was pressed in a call of others is gone, and what else was pressed there', async () => {
  const { id: callId, ref } = await lab.adopt(['1', lab.organization.numbers.front]);
  const { id: other, ref: another } = await lab.adopt(['1', lab.organization.numbers.front]);
  const [first, ...rest] = `9${number.slice(1)}#`;
  lab.exchange.press(ref, 'CALLER', first ?? '');
  await lab.settled();
  lab.exchange.press(ref, 'CALLER', rest.join(''));
  lab.exchange.press(another, 'CALLER', number.slice(1, -1));
  for (const one of [ref, another]) lab.exchange.remoteHangup(one, 'CALLER');
  await lab.settled();
  const id = await begin();

  const outcome = await run(id);

  expect(outcome).toBe('DONE');
  expect(await find(id)).toMatchObject({ erased: 0, cleared: 1 });
  const pressed = await database.rows(sql`select call_id as "callId", dtmf ->> 'digits' as digits
    from call_changes where call_id in (${callId}::uuid, ${other}::uuid) and kind = 'DTMF' order by xid, id`);
  expect(pressed).toEqual([
    { callId: other, digits: number.slice(1, -1) },
    { callId, digits: null },
  ]);
});

test('a call goes that has told a receiver of the number, though nothing else of it does any more', async () => {
  const [told = ''] = await lay('1');
  const [other = ''] = await lay('1');
  for (const [callId, caller] of [
    [told, number],
    [other, `${number}1`],
  ]) {
    await database.rows(sql`
      insert into event_deliveries (id, organization_id, event_row_id, call_id, receiver, parameters)
      values (gen_random_uuid(), ${lab.organization.id}::uuid, gen_random_uuid(), ${callId}::uuid, '',
        ${sql.param({ CallerIDNum: caller })}::jsonb)`);
  }
  const id = await begin();

  const outcome = await run(id);

  expect(outcome).toBe('DONE');
  expect([await left([told]), await left([other])]).toEqual([0, 1]);
  const kept = await database.rows(sql`select call_id as call from event_deliveries`);
  expect(kept).toEqual([{ call: other }]);
});

test('a call goes that was once told of by the number, as a name or as who has parked it', async () => {
  const legs = [{ name: number }, { parkedBy: number }, { name: `${number}1` }];
  const calls = await lay('anonymous', legs.length);
  for (const [index, leg] of legs.entries()) {
    await database.rows(sql`
      insert into call_changes (organization_id, call_id, version, kind, occurred_at, state, extension_ids, owner_ids)
      values (${lab.organization.id}::uuid, ${calls[index] ?? ''}::uuid, 1, 'OFFERED', now(),
        ${sql.param({ participants: [{ number: 'anonymous', ...leg }] })}::jsonb, '{}', '{}')`);
  }
  const id = await begin();

  await run(id);

  expect(await find(id)).toMatchObject({ state: 'DONE', erased: 2 });
  expect(await left(calls.slice(0, 2))).toBe(0);
});

test('a wish for the next call of another goes when its marker would be named after the number', async () => {
  await database.rows(sql`
    insert into deletion_watches (id, organization_id, number, action, marker, expires_at)
    select gen_random_uuid(), ${lab.organization.id}::uuid, '0003*210', 'MARK', name, now() + interval '1 day'
    from unnest(${sql.param([`about ${number}`, 'about nobody'])}::text[]) name`);
  const id = await begin();

  await run(id);

  const kept = await database.rows(sql`select marker from deletion_watches`);
  expect(kept).toEqual([{ marker: 'about nobody' }]);
});

test('a live call is waited for, and a call under legal hold is kept and counted', async () => {
  const [held] = await lay(number, 1, { kept: 'as it is' });
  await database.rows(sql`update calls set held_for_legal = true where id = ${held}::uuid`);
  const live = await lab.adopt([number, lab.organization.numbers.front]);
  const mentioning = await lab.adopt(['1', lab.organization.numbers.desk], {
    userData: { back: number, more: 'x' },
  });
  const id = await begin();

  const early = await run(id);
  const waiting = await find(id);
  for (const { ref } of [live, mentioning]) lab.exchange.remoteHangup(ref, 'CALLER');
  await lab.settled();
  const late = await run(id);

  expect([early, waiting.state, late]).toEqual(['WAITING', 'RUNNING', 'DONE']);
  expect(await lab.row(live.id)).toBeUndefined();
  expect(await lab.row(mentioning.id)).toMatchObject({ userData: { more: 'x' } });
  expect(await lab.row(held ?? '')).toMatchObject({ userData: { kept: 'as it is' } });
  expect(await find(id)).toMatchObject({ erased: 1, cleared: 1, held: 1 });
});

test('it can be stopped, by its process or by somebody, and goes on where it was', async () => {
  const ids = await lay(number, 600);
  const id = await begin();
  await stepErasure(database, id, NUMBERS);
  await stopErasure(lab.as('olivia'), { erasureId: id });
  const before = await find(id);

  const whileStopped = await stepErasure(database, id, NUMBERS);
  await resumeErasure(lab.as('olivia'), { erasureId: id });
  const outcome = await run(id);

  expect([whileStopped, outcome]).toEqual(['IDLE', 'DONE']);
  expect(before.state).toBe('STOPPED');
  expect(before.erased).toBeLessThan(600);
  expect(await find(id)).toMatchObject({ erased: 600 });
  expect(await left(ids)).toBe(0);
});

test('of several processes one gets on, and nothing is counted twice', async () => {
  const ids = await lay(number, 600);
  const id = await begin();

  const outcomes = await Promise.all(Array.from({ length: 4 }, () => run(id)));
  await run(id);

  expect(outcomes.every((outcome) => ['DONE', 'IDLE'].includes(outcome))).toBe(true);
  expect(await find(id)).toMatchObject({ state: 'DONE', erased: 600 });
  const audited = await database.rows<{ call: string }>(sql`
    select unnest(subjects[2:]) as call from audit_entries where operation = 'eraseSubject' and subjects[1] = ${id}`);
  expect(audited.map(({ call }) => call).sort()).toEqual(ids.sort());
});

test('it says what it waits for: a call to end, or to be gone on with, and in the end nothing', async () => {
  const live = await lab.adopt([number, lab.organization.numbers.front]);
  const id = await begin();
  const told = async () => {
    const { waitsFor, live: up } = await find(id);
    return { waitsFor, up };
  };

  const begun = await told();
  await run(id);
  const waiting = await told();
  await stopErasure(lab.as('olivia'), { erasureId: id });
  const stopped = await told();
  await resumeErasure(lab.as('olivia'), { erasureId: id });
  lab.exchange.remoteHangup(live.ref, 'CALLER');
  await lab.settled();
  await run(id);

  expect([begun, waiting, stopped, await told()]).toEqual([
    { waitsFor: null, up: 1 },
    { waitsFor: 'CALLS_TO_END', up: 1 },
    { waitsFor: 'RESUME', up: 1 },
    { waitsFor: null, up: 0 },
  ]);
});

test('what comes while it waits goes as well, wherever in time it stands', async () => {
  const live = await lab.adopt([number, lab.organization.numbers.front]);
  const id = await begin();
  const waiting = await run(id);
  const [between] = await lay(number);
  const [older] = await lay(number);
  await database.rows(
    sql`update calls set offered_at = now() - interval '30 days' where id = ${older}::uuid`,
  );
  const [mentioning] = await lay('1', 1, { back: number });
  lab.exchange.remoteHangup(live.ref, 'CALLER');
  await lab.settled();

  const outcome = await run(id);

  expect([waiting, outcome]).toEqual(['WAITING', 'DONE']);
  expect(await left([live.id, between ?? '', older ?? ''])).toBe(0);
  expect((await lab.row(mentioning ?? ''))?.userData).toBeNull();
  expect(await find(id)).toMatchObject({ erased: 3, cleared: 1 });
});

test('a call that ends while a batch waits for it is counted once, and so is one that goes before the first', async () => {
  const late = await lab.adopt([number, lab.organization.numbers.front]);
  const early = await lab.adopt([number, lab.organization.numbers.desk]);
  await deleteCall(lab.as('alice'), { selector: { callId: early.id } });
  const id = await begin();
  lab.exchange.remoteHangup(early.ref, 'CALLER');
  await lab.settled();
  await run(id);
  const isWaiting = async () =>
    expect(
      await database.rows(sql`select from pg_locks where locktype = 'advisory' and not granted
        and database = (select oid from pg_database where datname = current_database())`),
    ).toHaveLength(1);

  const step = await database.transaction(async (tx) => {
    await lockCall(tx, late.id);
    const waiting = run(id);
    await vi.waitFor(isWaiting);
    await eraseMarkedCall(tx, { id: late.id, organizationId: lab.organization.id });
    return { waiting };
  });
  await step.waiting;

  await run(id);
  expect(await find(id)).toMatchObject({ state: 'DONE', expected: 2, erased: 2 });
});

test('a short form of an extension is refused, and with a plus sign it is a number as any', async () => {
  const before = await database.rows(sql`select id from erasures`);

  const short = eraseSubject(lab.as('olivia'), { number: '220' });

  await expect(short).rejects.toMatchObject({
    ...{ code: 'BAD_INPUT', message: expect.stringContaining(lab.organization.numbers.boss) },
  });
  expect(await database.rows(sql`select id from erasures`)).toEqual(before);
  const counted = await eraseSubject(lab.as('olivia'), { number: '+220', dryRun: true });
  expect(counted.erasureId).toBeNull();
  const star = eraseSubject(lab.as('olivia'), { number: '*', dryRun: true });
  await expect(star).rejects.toMatchObject({ code: 'PHONE_NUMBER_INVALID' });
});

test('an extension goes with all its legs, however they are written', async () => {
  const { boss } = lab.organization.numbers;
  const extensionId = lab.organization.extensionIds.get(boss) ?? '';
  const [leg = ''] = await lay('220');
  const [other = ''] = await lay('220');
  await database.rows(
    sql`update participants set extension_id = ${extensionId}::uuid where call_id = ${leg}::uuid`,
  );
  const counted = await eraseSubject(lab.as('olivia'), { number: boss, dryRun: true });
  const id = await begin(boss);

  await run(id);

  expect(counted.counts.calls).toBeGreaterThanOrEqual(1);
  expect([await left([leg]), await left([other])]).toEqual([0, 1]);
});

test('a number goes in every way in which its switch has it dialled, and elsewhere as it is', async () => {
  const digits = `2079${randomInt(1e5, 9e5)}`;
  const local = `0${digits}`;
  const ways = [
    `+44${digits}`,
    `44${digits}`,
    local,
    `0044${digits}`,
    `9${local}`,
    `90044${digits}`,
  ];
  const at = async (connector: string, written: string) => {
    const [id = ''] = await lay(written);
    await database.rows(sql`update calls set connector = ${connector} where id = ${id}::uuid`);
    return id;
  };
  const london = await Promise.all(ways.map((written) => at('london', written)));
  const elsewhere = await at('elsewhere', local);
  const id = await begin(`+44${digits}`);

  await run(id);

  expect([await left(london), await left([elsewhere])]).toEqual([0, 1]);
  expect(await find(id)).toMatchObject({ expected: ways.length, erased: ways.length });
});

test('a stopped one lets what it had marked stay, and marks it again when it goes on', async () => {
  const live = await lab.adopt([number, lab.organization.numbers.front]);
  const named = await lab.adopt([number, lab.organization.numbers.desk]);
  await deleteCall(lab.as('olivia'), { selector: { callId: named.id } });
  const id = await begin();
  await run(id);
  const marked = () =>
    Promise.all([live, named].map(async (one) => (await lab.row(one.id))?.marked));
  const before = await marked();

  await stopErasure(lab.as('olivia'), { erasureId: id });

  const stopped = await marked();
  await resumeErasure(lab.as('olivia'), { erasureId: id });
  await run(id);
  expect([before, stopped, await marked()]).toEqual([
    [true, true],
    [false, true],
    [true, true],
  ]);
});

test('while it waits it writes nothing, and what it marked goes in the name of who asked', async () => {
  const live = await lab.adopt([number, lab.organization.numbers.front]);
  const id = await begin();
  await run(id);
  const places = async () => [
    await database.rows(sql`select ctid::text from calls where id = ${live.id}::uuid`),
    await database.rows(sql`select ctid::text from erasures where id = ${id}::uuid`),
  ];
  const before = await places();

  const outcome = await run(id);

  expect(outcome).toBe('WAITING');
  expect(await places()).toEqual(before);
  lab.exchange.remoteHangup(live.ref, 'CALLER');
  await lab.settled();
  const entries = await database.rows(sql`select user_id as "userId", operation from audit_entries
    where subjects = ${sql.param([live.id, id])}::text[]`);
  const { userId } = lab.organization.principal('olivia');
  expect(entries).toEqual([{ userId, operation: 'deleteMarkedCall' }]);
});

test('more calls that are up than fit into a batch are waited for in turns', async () => {
  await lay(number, 600);
  await database.rows(sql`
    update calls set state = 'CONNECTED', connector = 'elsewhere', epoch = 'e', native_id = id::text, ended_at = null
    where id in (select call_id from participants where number = ${number})`);
  const id = await begin();
  const waiting = await run(id);
  await database.rows(
    sql`delete from calls where id in (select call_id from participants where number = ${number})`,
  );

  for (let turn = 0; turn < 4; turn++) await run(id);

  expect(waiting).toBe('WAITING');
  expect(await find(id)).toMatchObject({ state: 'DONE', erased: 600 });
});

test('with one erasure of a number all others of it are done, and no key has it any more', async () => {
  const stopped = await begin();
  await stopErasure(lab.as('olivia'), { erasureId: stopped });
  await using other = await openLab(database);
  const { erasureId } = await eraseSubject(other.as('admin'), {
    ...{ number, organizationId: lab.organization.id, idempotencyKey: `gdpr-${number}` },
  });

  await run(erasureId ?? '');

  expect(await find(stopped)).toMatchObject({ state: 'DONE', certificate: expect.any(String) });
  const keys = await database.rows(
    sql`select from idempotency_keys where key like ${`%${number}`}`,
  );
  const numbers = await database.rows(sql`select from erasures where number = ${number}`);
  expect([keys.length, numbers.length]).toEqual([0, 0]);
});

test('an erasure that fails keeps no other from its turn', async () => {
  const [broken, sound] = [await begin(), await begin(`+${randomInt(1e11, 9e11)}`)];
  await database.rows(sql`update erasures set cursor = '{"after": ["x", "y"], "isThrough": false, "live": []}'
    where id = ${broken}::uuid`);
  const failed: unknown[] = [];

  await using _ = startErasing({
    ...{ database, feed: lab.feed, numbers: NUMBERS },
    onError: (error) => failed.push(error),
  });

  await vi.waitUntil(async () => (await find(sound)).state === 'DONE', { timeout: 20_000 });
  expect(failed).not.toEqual([]);
  expect(await find(broken)).toMatchObject({ state: 'RUNNING' });
  await stopErasure(lab.as('olivia'), { erasureId: broken });
});

test('its certificate says who and how many, and holds against the audit log', async () => {
  await lay(number, 2);
  const id = await begin();
  await run(id);

  const { certificate } = await find(id);

  const text = certificate ?? '';
  const said = JSON.parse(text);
  expect(said).toMatchObject({
    erasure: id,
    organization: { id: lab.organization.id },
    requestedBy: { username: lab.organization.principal('olivia').username },
    calls: { erased: 2, userDataCleared: 0, held: 0 },
  });
  expect(text).not.toContain(number.slice(1));
  expect(await verify(said.numberHash, number.slice(1))).toBe(true);
  const entries = await database.rows(sql`
    select user_id as "userId", subjects from audit_entries where operation = 'certifyErasure' and ${id} = any(subjects)`);
  const { userId } = lab.organization.principal('olivia');
  expect(entries).toEqual([{ userId, subjects: [id, hashSecret(text)] }]);
});

test('with a key, the hash of its certificate says nothing to who has not got it', async () => {
  const erasureKey = 'a key of at least thirty-two characters';
  const context = { ...lab.as('olivia'), erasureKey };
  const { erasureId } = await eraseSubject(context, { number });
  await run(erasureId ?? '');

  const { certificate } = await find(erasureId ?? '');

  const { numberHash } = JSON.parse(certificate ?? '');
  const secret = Buffer.from(erasureKey);
  expect(await verify(numberHash, number.slice(1), { secret })).toBe(true);
  expect(await verify(numberHash, number.slice(1))).toBe(false);
});

test('it is not for users, not of other organizations, and not for what is no number', async () => {
  const other = '01999999-9999-7999-8999-999999999999';
  const id = await begin();
  const attempts = [
    eraseSubject(lab.as('alice'), { number }),
    eraseSubject(lab.as('alice'), { number, dryRun: true }),
    eraseSubject(lab.as('olivia'), { number, organizationId: other }),
    eraseSubject(lab.as('admin'), { number, organizationId: other }),
    eraseSubject(lab.as('olivia'), { number: 'x' }),
    stopErasure(lab.as('alice'), { erasureId: id }),
    stopErasure(lab.as('olivia'), { erasureId: 'x' }),
    findErasure(lab.as('alice'), id),
  ];

  const outcomes = await Promise.allSettled(attempts);

  const codes = outcomes.map((one) => one.status === 'rejected' && one.reason.code);
  const missing = 'ERASURE_NOT_FOUND';
  expect(codes).toEqual([
    ...['FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'BAD_INPUT', 'PHONE_NUMBER_INVALID'],
    ...[missing, missing, missing],
  ]);
});
