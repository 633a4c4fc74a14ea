import { v7 as uuid } from 'uuid';
import { EVENT_TYPES } from '../../src/model/phone-call-event.ts';
import type { Database } from '../../src/store/database.ts';
import { phoneCallEvents } from '../../src/store/tables/extensions.ts';
import type { TestOrganization } from './organization.ts';

type Rule = typeof phoneCallEvents.$inferInsert;

/** Lays a rule of every type for one extension; gives them in the order of the types. */
export async function layRules(
  { drizzle }: Pick<Database, 'drizzle'>,
  organization: TestOrganization,
  { number, url, ...partial }: { number: string; url: string } & Partial<Rule>,
): Promise<readonly Rule[]> {
  const rows = EVENT_TYPES.map(
    (_, type): Rule => ({
      ...{
        rowId: uuid(),
        id: uuid().replaceAll('-', ''),
        organizationId: organization.id,
        type,
        url,
      },
      extensionId: organization.extensionIds.get(number) ?? '',
      ...{ method: 'POST', status: 'ENABLED', ...partial },
    }),
  );
  await drizzle.insert(phoneCallEvents).values(rows);
  return rows;
}
