import { sql } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import { issueToken } from '../auth/tokens.ts';
import type { Database } from '../store/database.ts';

/** In an empty database makes an administrator and gives its token, which does not expire; else null. */
export function createAdministrator(database: Database): Promise<string | null> {
  return database.transaction(async (tx) => {
    await tx.rows(sql`lock table users in share row exclusive mode`);
    const [somebody] = await tx.rows(sql`select from users limit 1`);
    if (somebody) return null;
    const organizationId = uuidv7();
    const userId = uuidv7();
    await tx.rows(
      sql`insert into organizations (id, key, name) values (${organizationId}::uuid, 'tandem', 'Tandem')`,
    );
    await tx.rows(sql`
      insert into users (id, organization_id, number, username, account_type)
      values (${userId}::uuid, ${organizationId}::uuid, '1', 'admin', 'ADMINISTRATOR')`);
    return issueToken(tx, { userId, organizationId, expiresAt: null });
  });
}
