import { sql } from 'drizzle-orm';
import { requireScope } from '../auth/principal.ts';
import type { Scope } from '../model/account.ts';
import { addFailure, GatewayError } from '../model/errors.ts';
import type { JsonObject } from '../model/json.ts';
import type { Context } from './context.ts';
import { onlyOnce } from './idempotency.ts';

/** What a command leaves behind: ids of what it was done to. Never content, for it may be deleted later. */
export type Receipt = JsonObject;

export interface Command<Result extends Receipt> {
  /** The mutation's name. */
  readonly operation: string;
  readonly scope: Scope;
  readonly input: { readonly idempotencyKey?: string | null | undefined };
  /** Does it. What it was done to goes into the audit entry. */
  run(touched: string[]): Promise<Result>;
}

/** Runs a command with all that every command has: scope, idempotency, an audit entry, a wake-up of the feed. */
export async function runCommand<Result extends Receipt>(
  context: Context,
  command: Command<Result>,
): Promise<Result> {
  const touched: string[] = [];
  const result = await attempt(context, command, touched);
  context.feed.wake();
  await audit(context, command.operation, touched, 'OK');
  return result;
}

/** Does it; a refusal is audited, and stays what it is even when that fails. */
async function attempt<Result extends Receipt>(
  context: Context,
  command: Command<Result>,
  touched: string[],
): Promise<Result> {
  try {
    requireScope(context.principal, command.scope);
    return await onlyOnce(context, command, () => command.run(touched));
  } catch (error) {
    context.feed.wake();
    const code = error instanceof GatewayError ? error.code : 'INTERNAL';
    await audit(context, command.operation, touched, code).catch((failure: unknown) =>
      addFailure(error, failure),
    );
    throw error;
  }
}

async function audit(
  { database, principal, dialect, requestId }: Context,
  operation: string,
  subjects: readonly string[],
  result: string,
) {
  await database.rows(sql`
    insert into audit_entries (organization_id, user_id, app_id, dialect, operation, subjects, result, request_id)
    values (${principal.organizationId}::uuid, ${principal.userId}::uuid, ${principal.appId}::uuid, ${dialect},
      ${operation}, ${sql.param(subjects)}::text[], ${result}, ${requestId})`);
}
