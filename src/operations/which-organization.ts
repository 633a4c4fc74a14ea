import { sql } from 'drizzle-orm';
import { requireOrganization } from '../auth/principal.ts';
import { GatewayError } from '../model/errors.ts';
import { isUuid } from '../model/identifiers.ts';
import { firstRow } from '../store/database.ts';
import type { Context } from './context.ts';

/** The organization that is meant: one's own, or, of an ADMINISTRATOR, whichever it names by id or key. Refuses a USER. */
export async function whichOrganization(
  { database, principal }: Context,
  named: string | null | undefined,
): Promise<string> {
  requireOrganization(principal);
  const own = principal.organizationId;
  if (named === null || named === undefined || named.toLowerCase() === own) return own;
  const found = await firstRow<{ id: string }>(
    database,
    sql`select id from organizations where ${isUuid(named) ? sql`id = ${named}::uuid` : sql`key = ${named}`}`,
  );
  if (found?.id === own) return own;
  if (principal.accountType !== 'ADMINISTRATOR') {
    throw new GatewayError('FORBIDDEN', 'Only an administrator names another organization.');
  }
  if (found) return found.id;
  throw new GatewayError('BAD_INPUT', 'There is no such organization.');
}
