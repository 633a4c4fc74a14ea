import { sql } from 'drizzle-orm';
import { firstRow } from '../store/database.ts';
import type { Context } from './context.ts';
import { whichOrganization } from './which-organization.ts';

/** What `setRetention` and `setGetAllowed` have set. */
export interface OrganizationSettings {
  readonly organizationId: string;
  /** Null keeps calls for ever. */
  readonly retentionDays: number | null;
  readonly getAllowed: boolean;
}

/** The settings of one's own organization, or, for an ADMINISTRATOR, of whichever it names. Refuses a USER. */
export async function readSettings(context: Context, named: string | null | undefined) {
  const id = await whichOrganization(context, named);
  const found = await firstRow<OrganizationSettings>(
    context.database,
    sql`select id as "organizationId", retention_days as "retentionDays", allows_get as "getAllowed"
      from organizations where id = ${id}::uuid`,
  );
  if (!found) throw new Error('An organization that was there is gone.');
  return found;
}
