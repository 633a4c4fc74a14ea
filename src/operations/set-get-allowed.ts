import { sql } from 'drizzle-orm';
import { runCommand } from './command.ts';
import type { Context } from './context.ts';
import { whichOrganization } from './which-organization.ts';

export interface SetGetAllowedInput {
  readonly allowed: boolean;
  /** Null means one's own. */
  readonly organizationId?: string | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

/** Says whether an organization's api keys are taken in URLs, which stand in many logs: Verba's GET. */
export const setGetAllowed = (context: Context, input: SetGetAllowedInput) =>
  runCommand(context, {
    operation: 'setGetAllowed',
    scope: 'MANAGE',
    input,
    run: async (touched, written): Promise<{ readonly allowed: boolean }> => {
      const organizationId = await whichOrganization(context, input.organizationId);
      touched.push(organizationId);
      return context.database.transaction(async (tx) => {
        await tx.rows(sql`update organizations set allows_get = ${input.allowed}
          where id = ${organizationId}::uuid`);
        return written(tx, { allowed: input.allowed });
      });
    },
  });
