import { requireScope } from '../auth/principal.ts';
import type { Scope } from '../model/account.ts';
import { addFailure, GatewayError } from '../model/errors.ts';
import type { JsonObject } from '../model/json.ts';
import type { Executor } from '../store/database.ts';
import { auditRow, writeAudit } from './audit.ts';
import { queueAudit } from './audit-queue.ts';
import type { Context } from './context.ts';
import { onlyOnce } from './idempotency.ts';

/** What a command leaves behind: ids of what it was done to. Never content, for it may be deleted later. */
export type Receipt = JsonObject;

export interface Command<Result extends Receipt> {
  /** The mutation's name. */
  readonly operation: string;
  readonly scope: Scope;
  readonly input: { readonly idempotencyKey?: string | null | undefined };
  /**
   * Does it. What it was done to goes into the audit entry.
   * @param written writes the entry of its success in the transaction that did it, as its last statement: for what
   * must not have been done without one.
   */
  run(touched: string[], written: (tx: Executor) => Promise<void>): Promise<Result>;
}

/** Runs a command with all that every command has: scope, idempotency, an audit entry, a wake-up of the feed. */
export async function runCommand<Result extends Receipt>(
  context: Context,
  command: Command<Result>,
): Promise<Result> {
  const { operation } = command;
  const subjects: string[] = [];
  let isWritten = false;
  const written = async (tx: Executor) => {
    await writeAudit(tx, context, { operation, subjects, result: 'OK' });
    isWritten = true;
  };
  const result = await attempt(context, command, subjects, written);
  context.feed.wake();
  if (!isWritten) {
    await queueAudit(context.database, auditRow(context, { operation, subjects, result: 'OK' }));
  }
  return result;
}

/** Does it; a refusal is audited, and stays what it is even when that fails. */
async function attempt<Result extends Receipt>(
  context: Context,
  command: Command<Result>,
  subjects: string[],
  written: (tx: Executor) => Promise<void>,
): Promise<Result> {
  const { operation } = command;
  try {
    requireScope(context.principal, command.scope);
    return await onlyOnce(context, command, () => command.run(subjects, written));
  } catch (error) {
    context.feed.wake();
    const result = error instanceof GatewayError ? error.code : 'INTERNAL';
    const entry = auditRow(context, { operation, subjects, result });
    await queueAudit(context.database, entry).catch((failure: unknown) =>
      addFailure(error, failure),
    );
    throw error;
  }
}
