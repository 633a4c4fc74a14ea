import { sql } from 'drizzle-orm';
import { newSigningSecret } from '../model/secret.ts';
import { runCommand } from './command.ts';
import type { Context } from './context.ts';
import { whichOrganization } from './which-organization.ts';

export interface RotateSecretInput {
  /** Null means one's own. */
  readonly organizationId?: string | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

/** Gives an organization a new secret; null when the request is repeated: it is kept nowhere to be shown again. */
export async function rotateWebhookSecret(
  context: Context,
  input: RotateSecretInput,
): Promise<{ readonly secret: string | null }> {
  let secret: string | null = null;
  await runCommand(context, {
    operation: 'rotateWebhookSecret',
    scope: 'MANAGE',
    input,
    run: async (touched, written): Promise<{ readonly organizationId: string }> => {
      const organizationId = await whichOrganization(context, input.organizationId);
      touched.push(organizationId);
      const made = newSigningSecret();
      const receipt = await context.database.transaction(async (tx) => {
        await tx.rows(sql`
          insert into webhook_secrets as s (organization_id, secret) values (${organizationId}::uuid, ${made})
          on conflict (organization_id) do update set secret = excluded.secret, previous = s.secret, changed_at = now()`);
        return written(tx, { organizationId });
      });
      secret = made;
      return receipt;
    },
  });
  return { secret };
}
