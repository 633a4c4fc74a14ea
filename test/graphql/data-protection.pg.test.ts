import { sql } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, dataOf } from '../support/ask.ts';
import { startTandem, type TestTandem } from '../support/tandem.ts';

let tandem: TestTandem;
beforeAll(async () => {
  tandem = await startTandem({ demo: true });
});
afterAll(() => tandem[Symbol.asyncDispose]());

const SETTINGS = `query ($of: ID) {
  organizationSettings(organizationId: $of) { organizationId retentionDays getAllowed } }`;
const READ = `query ($states: [ErasureState!], $first: Int, $after: String) {
  erasures(states: $states, first: $first, after: $after) {
    nodes { id organizationId state live waitsFor certificate { hash } } pageInfo { hasNextPage endCursor } } }`;

interface Page {
  readonly erasures: {
    readonly nodes: readonly Readonly<Record<string, unknown>>[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
  };
}

const keyOfOwn = async () => {
  const [row] = await tandem.database.rows<{ key: string }>(sql`
    select o.key from organizations o join users u on u.organization_id = o.id where u.username = 'olivia'`);
  return row?.key;
};

test('what was set is read back by its own organization, and by an administrator who names it', async () => {
  await dataOf(
    tandem,
    `mutation { setRetention(input: { days: 90 }) { days }
      setGetAllowed(input: { allowed: false }) { allowed } }`,
    { as: 'olivia' },
  );

  const own = await dataOf(tandem, SETTINGS, { as: 'olivia' });
  const named = await dataOf(tandem, SETTINGS, {
    as: 'admin',
    variables: { of: await keyOfOwn() },
  });

  expect(own).toMatchObject({ organizationSettings: { retentionDays: 90, getAllowed: false } });
  expect(named).toEqual(own);
});

test.each([
  ['what is set', SETTINGS],
  ['erasures', READ],
])('a user is forbidden to read %s', async (_, query) => {
  const { code } = await ask(tandem, query);

  expect(code).toBe('FORBIDDEN');
});

/** An erasure of the organization that has this key. */
async function laid(key: string, state: string): Promise<string> {
  const id = uuidv7();
  await tandem.database.rows(sql`
    insert into erasures (id, organization_id, user_id, username, state, subject_hash, expected, cursor)
    select ${id}::uuid, id, ${id}::uuid, 'olivia', ${state}, '', 0, '{"live":["a"],"isThrough":true}'
    from organizations where key = ${key}`);
  return id;
}

test('erasures come page by page, the newest first, each organization its own', async () => {
  const own = (await keyOfOwn()) ?? '';
  await tandem.database.rows(sql`
    insert into organizations (id, key, name) values (gen_random_uuid(), 'other', 'Other')`);
  const [older, newer, other] = [
    await laid(own, 'STOPPED'),
    await laid(own, 'DONE'),
    await laid('other', 'STOPPED'),
  ];
  const read = async (as: 'admin' | 'olivia', variables: object) =>
    (await dataOf<Page>(tandem, READ, { as, variables: { ...variables } })).erasures;

  const first = await read('olivia', { first: 1 });
  const second = await read('olivia', { first: 1, after: first.pageInfo.endCursor });
  const all = await read('admin', { states: ['STOPPED'] });

  expect(first.nodes).toMatchObject([{ id: newer, live: 0, waitsFor: null }]);
  expect(second).toMatchObject({
    nodes: [{ id: older, live: 1, waitsFor: 'RESUME' }],
    pageInfo: { hasNextPage: false },
  });
  expect(all.nodes.map(({ id }) => id)).toEqual([other, older]);
});
