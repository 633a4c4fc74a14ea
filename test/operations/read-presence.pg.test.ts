import { afterAll, beforeAll, expect, test } from 'vitest';
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
