import { sql } from 'drizzle-orm';
import { beforeEach, expect, test } from 'vitest';
import { trimDeliveries } from '../../src/webhooks/trim-deliveries.ts';
import { eachStore } from '../support/database.ts';
import { layOrganization, type TestOrganization } from '../support/organization.ts';
import { layRules } from '../support/rules.ts';

eachStore((database) => {
  let acme: TestOrganization;
  let rowId: string;

  beforeEach(async () => {
    await database().rows(sql`truncate event_deliveries`);
    acme = await layOrganization(database());
    const place = { number: acme.numbers.front, url: 'https://crm.example/' };
    const [rule] = await layRules(database(), acme, place);
    rowId = rule?.rowId ?? '';
  });

  const lay = (state: string, hoursAgo: number, ofRule = sql`${rowId}::uuid`) =>
    database().rows(sql`
      insert into event_deliveries (id, organization_id, event_row_id, call_id, receiver, parameters, state,
        created_at, delivered_at)
      select gen_random_uuid(), ${acme.id}::uuid, ${ofRule}, gen_random_uuid(), '', '{}', ${state}, at,
        case ${state} when 'DELIVERED' then at end from (select now() - make_interval(hours => ${hoursAgo}::int) as at) t`);
  const left = async () => {
    const rows = await database().rows<{ state: string }>(
      sql`select state from event_deliveries order by position`,
    );
    return rows.map(({ state }) => state);
  };

  test('what was delivered long ago goes; what was not delivered stays, however old', async () => {
    for (const state of ['DELIVERED', 'PENDING', 'SUSPENDED']) await lay(state, 1000);
    await lay('DELIVERED', 1);

    await trimDeliveries(database(), 168);

    expect(await left()).toEqual(['PENDING', 'SUSPENDED', 'DELIVERED']);
  });

  test('what a rule fired that is gone meanwhile goes', async () => {
    await lay('PENDING', 0, sql`gen_random_uuid()`);
    await lay('PENDING', 0);

    await trimDeliveries(database(), 168);

    expect(await left()).toHaveLength(1);
  });
});
