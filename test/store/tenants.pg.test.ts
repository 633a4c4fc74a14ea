import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CallListShape } from '../../src/model/shape.ts';
import { rangeOf } from '../../src/store/queries/ranges.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { layOrganization, type TestOrganization } from '../support/organization.ts';

const NUMBER = '0722000111';
/** So many that walking them cannot be overlooked. */
const MANY = 10_000;
/** What a page of a few calls touches of the database at the most, in blocks of 8 kB. */
const MOST_BLOCKS = 100;

let database: FreshDatabase;
let own: TestOrganization;

beforeAll(async () => {
  database = await freshDatabase();
  own = await layOrganization(database);
  await layCalls(own, MANY, null);
  await layCalls(own, 4, NUMBER);
  await layCalls(await layOrganization(database), MANY, NUMBER);
  await database.rows(sql`vacuum analyze`);
});
afterAll(() => database[Symbol.asyncDispose]());

/** Calls with a number, half of them live, or a history without one; later than what was laid before. */
async function layCalls(
  { id, numbers, extensionIds }: TestOrganization,
  count: number,
  number: string | null,
) {
  const extensionId = extensionIds.get(numbers.front) ?? '';
  const liveEvery = number === null ? count + 1 : 2;
  await database.rows(sql`
    with laid as (
      insert into calls (id, organization_id, state, direction, call_type, offered_at)
      select gen_random_uuid(), ${id}::uuid, case n % ${liveEvery}::int when 0 then 'CONNECTED' else 'ENDED' end,
        'INBOUND', 'INBOUND', clock_timestamp() from generate_series(1, ${count}::int) n
      returning *
    )
    insert into participants (call_id, sequence, organization_id, role, number, extension_id, state, offered_at)
    select id, sequence, organization_id, 'OTHER', case sequence when '00' then ${number}::text end,
      case sequence when '01' then ${extensionId}::uuid end, state, offered_at
    from laid, (values ('00'), ('01')) legs (sequence)`);
}

interface Plan {
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly 'Actual Rows': number;
}

const LISTS: [string, CallListShape['filter'], number][] = [
  ['with a number', { number: NUMBER }, 4],
  ['that have ended with a number', { number: NUMBER, states: ['ENDED'] }, 2],
  ['that are live', { states: ['RINGING', 'CONNECTED'] }, 2],
];

test.each(
  LISTS.flatMap(([name, ...list]) => [
    [name, 'an organization', ...list] as const,
    [name, 'an owner', ...list] as const,
  ]),
)(
  "no other organization's calls are walked for those %s of %s",
  async (_name, who, filter, count) => {
    const ownerId = who === 'an owner' ? own.principal('alice').userId : null;
    const page = { limit: 50, backward: false, after: null, before: null };
    const list = { of: 'calls', filter, shape: {}, page, total: false } as const;
    const { rows } = rangeOf(list, null, { organizationId: own.id, ownerId });

    const [explained] = await database.rows<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
      sql`explain (analyze, buffers, format json) ${rows}`,
    );

    const plan = explained?.['QUERY PLAN'][0].Plan ?? expect.fail();
    expect(plan['Actual Rows']).toBe(count);
    expect(plan['Shared Hit Blocks'] + plan['Shared Read Blocks']).toBeLessThan(MOST_BLOCKS);
  },
);
