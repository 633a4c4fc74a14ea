import { sql } from 'drizzle-orm';
import { newSigningSecret } from '../model/secret.ts';
import type { Executor } from '../store/database.ts';

/** The secret of an organization that had none: made now, or by somebody else at this moment. */
export async function firstSecret(on: Executor, organizationId: string): Promise<string> {
  await on.rows(sql`insert into webhook_secrets (organization_id, secret)
    values (${organizationId}::uuid, ${newSigningSecret()}) on conflict do nothing`);
  const [row] = await on.rows<{ secret: string }>(
    sql`select secret from webhook_secrets where organization_id = ${organizationId}::uuid`,
  );
  if (!row) throw new Error('An organization that has firings is gone.');
  return row.secret;
}
