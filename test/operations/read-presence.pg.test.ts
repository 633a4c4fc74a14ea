import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ExtensionView } from '../../src/model/extension.ts';
import { EVERYTHING } from '../../src/model/visibility.ts';
import type { Context } from '../../src/operations/context.ts';
import { readPresence } from '../../src/operations/read-presence.ts';
import { readExtensions } from '../../src/store/queries/read.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { type Lab, openLab } from '../support/lab.ts';

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

test('the presence of ten thousand extensions is read in moments, by whatever plan', async () => {
  const { id } = lab.organization;
  await database.rows(sql`
    insert into extensions (id, organization_id, number, short_number, kind)
    select gen_random_uuid(), ${id}::uuid, '9' || n, '9' || n, 'TERMINAL' from generate_series(1, 10000) n`);
  const extensions = await database.rows<ExtensionView>(sql`
    select id, owner_id as "ownerId" from extensions where organization_id = ${id}::uuid`);
  const context = lab.as('olivia');
  const began = Date.now();

  for (const _ of Array(8)) {
    await Promise.all(extensions.map((extension) => readPresence(context, extension)));
  }

  // Each with each of the others would take some seconds, and so would each with each live call.
  expect(Date.now() - began).toBeLessThan(5000);
});
