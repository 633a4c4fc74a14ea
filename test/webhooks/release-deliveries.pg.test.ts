import { sql } from 'drizzle-orm';
import { beforeEach, expect, test } from 'vitest';
import { releaseDeliveries } from '../../src/webhooks/release-deliveries.ts';
import { eachStore } from '../support/database.ts';
import { layOrganization, type TestOrganization } from '../support/organization.ts';
import { layRules } from '../support/rules.ts';

eachStore((database) => {
  let acme: TestOrganization;

  beforeEach(async () => {
    acme = await layOrganization(database());
  });

  const layHeld = async (rule: Partial<Parameters<typeof layRules>[2]>) => {
    const place = { number: acme.numbers.front, url: 'https://crm.example/' };
    const [{ rowId } = { rowId: '' }] = await layRules(database(), acme, { ...place, ...rule });
    await database().rows(sql`
      insert into event_deliveries (id, organization_id, event_row_id, call_id, receiver, parameters, due_at)
      values (gen_random_uuid(), ${acme.id}::uuid, ${rowId}::uuid, gen_random_uuid(), '', '{}', 'infinity')`);
  };
  const held = async () => {
    const rows = await database().rows<{ held: boolean }>(sql`
      select due_at = 'infinity' as held from event_deliveries
      where organization_id = ${acme.id}::uuid order by position`);
    return rows.map((row) => row.held);
  };

  test('what is held although its rule is in force is let go, and nothing else', async () => {
    await layHeld({});
    await layHeld({ status: 'DISABLED' });
    await layHeld({ suspendedAt: new Date().toISOString() });

    await releaseDeliveries(database());

    expect(await held()).toEqual([false, true, true]);
  });
});
