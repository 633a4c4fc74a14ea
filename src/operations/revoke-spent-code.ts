import { sql } from 'drizzle-orm';
import { revokeTokens } from '../auth/tokens.ts';
import { hashSecret } from '../model/secret.ts';
import type { Database } from '../store/database.ts';
import { writeOwnAudit } from './audit.ts';

/**
 * A code that comes a second time was stolen, or what was given for it first was: all of that ends, and what renewed it
 * (RFC 6749, 4.1.2 and 10.5). Only for the app that it was given to, which has shown its secret.
 */
export const revokeSpentCode = (database: Database, code: string, clientId: string) =>
  database.transaction(async (tx) => {
    const revoked = await revokeTokens(
      tx,
      sql`t.code_hash = ${hashSecret(code)} and t.app_id = (select id from apps where client_id = ${clientId})`,
    );
    const [first] = revoked;
    if (!first) return;
    const { organizationId, userId } = first;
    const subjects = revoked.map(({ id }) => id);
    await writeOwnAudit(tx, organizationId, { operation: 'revokeSpentCode', subjects, userId });
  });
