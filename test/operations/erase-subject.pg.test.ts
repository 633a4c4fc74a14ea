import { randomInt } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { eraseSubject, stopErasure } from '../../src/operations/erase-subject.ts';
import { findErasure } from '../../src/operations/find-erasure.ts';
import { holdCallForLegal } from '../../src/operations/legal-hold.ts';
import { type ErasureScene, eachErasure } from './erasure-scene.ts';

let { database, lab, number, lay, left, begin, run, find } = {} as ErasureScene;

eachErasure((scene) => {
  ({ database, lab, number, lay, left, begin, run, find } = scene);
});

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
