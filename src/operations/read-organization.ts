import { sql } from 'drizzle-orm';
import type { OrganizationView } from '../model/call.ts';
import { firstRow } from '../store/database.ts';
import type { Context } from './context.ts';

/** The organization of something that the principal sees. */
export async function readOrganization({ database }: Context, id: string) {
  const found = await firstRow<OrganizationView>(
    database,
    sql`select id, key, name from organizations where id = ${id}::uuid`,
  );
  if (!found) throw new Error('What was read belongs to no organization.');
  return found;
}
