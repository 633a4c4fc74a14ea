import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EVERYTHING } from '../../src/model/visibility.ts';
import type { Context } from '../../src/operations/context.ts';
import { liveLegs, readPresence } from '../../src/operations/read-presence.ts';
import { readExtensions } from '../../src/store/queries/read.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { type Lab, openLab } from '../support/lab.ts';
import { layOrganization } from '../support/organization.ts';

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

/** The switch of the lab, which is up, and another one that is away, of such an organization. */
function beside(organization: string | null): Context {
  const context = lab.as('alice');
  const [[id, ours] = expect.fail()] = context.switches;
  const away = { ...ours, link: 'DOWN' as const, numbers: { ...ours.numbers, organization } };
  const switches = new Map([
    [id, ours],
    ['away', away],
  ]);
  return { ...context, switches };
}

test.each([
  ['of another organization says nothing of this one', 'another', 'ONLINE'],
  ['of everybody may be the one that would tell of a call', null, 'UNKNOWN'],
])('a switch that is away and is %s', async (_, organization, presence) => {
  const { front } = lab.organization.numbers;
  const [extension] = await readExtensions(database, front, {}, EVERYTHING);

  const found = await readPresence(beside(organization), extension ?? expect.fail());

  expect(found).toBe(presence);
});

test("what others' calls do is not looked at for presence, whatever the statistics say", async () => {
  await database.rows(sql`
    insert into extensions (id, organization_id, number, short_number, kind)
    select gen_random_uuid(), ${lab.organization.id}::uuid, '9' || n, '9' || n, 'TERMINAL' from generate_series(1, 1000) n`);
  await database.rows(sql`
    with c as (
      insert into calls (id, organization_id, state, direction, call_type, offered_at)
      select gen_random_uuid(), ${lab.organization.id}::uuid, 'ENDED', 'INBOUND', 'INBOUND', now() - n * interval '1 minute'
      from generate_series(1, 50000) n returning *
    )
    insert into participants (call_id, sequence, organization_id, role, number, extension_id, state, offered_at)
    select c.id, '00', c.organization_id, 'CALLEE', x.number, x.id, 'ENDED', c.offered_at
    from (select *, row_number() over () as n from c) c
      join (select *, row_number() over () as n from extensions) x on x.n = c.n % 1000`);
  await database.rows(sql`analyze`);
  const others = await layOrganization(database);
  await database.rows(sql`
    with c as (
      insert into calls (id, organization_id, state, direction, call_type, offered_at)
      select gen_random_uuid(), ${others.id}::uuid, 'CONNECTED', 'INBOUND', 'INBOUND', now() from generate_series(1, 1000)
      returning *
    )
    insert into participants (call_id, sequence, organization_id, role, number, state, offered_at)
    select id, '00', organization_id, 'CALLER', '0722000111', state, offered_at from c`);
  const ids = await database.rows<{ id: string }>(
    sql`select id from extensions where organization_id = ${lab.organization.id}::uuid`,
  );

  const [explained] = await database.rows<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
    sql`explain (analyze, format json) ${liveLegs(ids.map(({ id }) => id))}`,
  );

  // Each with each live call would be a million.
  const plan = explained?.['QUERY PLAN'][0].Plan ?? expect.fail();
  expect(lookedAt(plan)).toBeLessThan(20 * ids.length);
});

interface Plan {
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Plan[];
}

/** How many rows all parts of a plan had in their hands. */
const lookedAt = (plan: Plan): number =>
  (plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0)) * plan['Actual Loops'] +
  (plan.Plans ?? []).reduce((sum, part) => sum + lookedAt(part), 0);
