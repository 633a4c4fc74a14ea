import { type SQL, sql } from 'drizzle-orm';
import { revokeTokens } from '../auth/tokens.ts';
import { hashSecret } from '../model/secret.ts';
import type { Database } from '../store/database.ts';
import { writeOwnAudit } from './audit.ts';

/**
 * A code that comes a second time was stolen, or what was given for it first was: all of that ends, and what renewed it
 * (RFC 6749, 4.1.2 and 10.5). Only for the app that it was given to, which has shown its secret.
 */
export const revokeSpentCode = (database: Database, code: string, clientId: string) =>
  revoke(database, clientId, {
    operation: 'revokeSpentCode',
    which: sql`t.code_hash = ${hashSecret(code)}`,
  });

/**
 * The same of a refresh token that has served: all that came of the consent behind it ends (RFC 9700, 4.14.2), or what
 * it renewed where no consent is known.
 */
export const revokeSpentRenewal = (database: Database, refreshToken: string, clientId: string) =>
  revoke(database, clientId, {
    operation: 'revokeSpentRenewal',
    which: sql`(t.id = (select o.id ${spentBy(refreshToken)})
      or t.code_hash = (select o.code_hash ${spentBy(refreshToken)}))`,
  });

const spentBy = (refreshToken: string) => sql`
  from refresh_tokens r join tokens o on o.id = r.token_id
  where r.hash = ${hashSecret(refreshToken)} and r.spent_at is not null`;

interface Spent {
  readonly operation: string;
  readonly which: SQL;
}

const revoke = (database: Database, clientId: string, { operation, which }: Spent) =>
  database.transaction(async (tx) => {
    const revoked = await revokeTokens(
      tx,
      sql`${which} and t.app_id = (select id from apps where client_id = ${clientId})`,
    );
    const [first] = revoked;
    if (!first) return;
    const { organizationId, userId } = first;
    const subjects = revoked.map(({ id }) => id);
    await writeOwnAudit(tx, organizationId, { operation, subjects, userId });
  });
