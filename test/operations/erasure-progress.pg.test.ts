import { randomInt } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { expect, test, vi } from 'vitest';
import { deleteCall } from '../../src/operations/delete-call.ts';
import { eraseMarkedCall } from '../../src/operations/erase-call.ts';
import { eraseSubject, resumeErasure, stopErasure } from '../../src/operations/erase-subject.ts';
import { startErasing } from '../../src/operations/erasing.ts';
import { stepErasure } from '../../src/operations/erasure-step.ts';
import { lockCall } from '../../src/operations/log-change.ts';
import { openLab } from '../support/lab.ts';
import { type ErasureScene, eachErasure, NUMBERS } from './erasure-scene.ts';

let { database, lab, number, lay, left, begin, run, find } = {} as ErasureScene;

eachErasure((scene) => {
  ({ database, lab, number, lay, left, begin, run, find } = scene);
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
