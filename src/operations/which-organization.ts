import { sql } from 'drizzle-orm';
import { requireOrganization } from '../auth/principal.ts';
import { GatewayError } from '../model/errors.ts';
import { isUuid } from '../model/identifiers.ts';
import type { Context } from './context.ts';

/** The organization that is meant: one's own, or, of an ADMINISTRATOR, whichever it names. Refuses a USER. */
export async function whichOrganization(
  { database, principal }: Context,
  named: string | null | undefined,
): Promise<string> {
  requireOrganization(principal);
  const id = named?.toLowerCase() ?? principal.organizationId;
  if (id === principal.organizationId) return id;
  if (principal.accountType !== 'ADMINISTRATOR') {
    throw new GatewayError('FORBIDDEN', 'Only an administrator names another organization.');
  }
  const found = isUuid(id)
    ? await database.rows(sql`select from organizations where id = ${id}::uuid`)
    : [];
  if (found.length > 0) return id;
  throw new GatewayError('BAD_INPUT', 'There is no such organization.');
}
