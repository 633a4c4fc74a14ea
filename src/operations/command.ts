import type { SQL } from 'drizzle-orm';
import { requireScope } from '../auth/principal.ts';
import type { Scope } from '../model/account.ts';
import { addFailure, GatewayError } from '../model/errors.ts';
import type { JsonObject } from '../model/json.ts';
import type { Transaction } from '../store/database.ts';
import { queueEntry, writeAudit } from './audit.ts';
import type { Context } from './context.ts';
import { type Answered, onlyOnce, settle } from './idempotency.ts';

/** What a command leaves behind: ids of what it was done to. Never content, for it may be deleted later. */
export type Receipt = JsonObject;

export interface Command<Result extends Receipt> {
  /** The mutation's name. */
  readonly operation: string;
  readonly scope: Scope;
  readonly input: { readonly idempotencyKey?: string | null | undefined };
  /**
   * Does it. What it was done to goes into the audit entry.
   * @param written writes the entry of its success, and its receipt for whoever repeats the request, in the
   * transaction that did it, as its last statement: for what must not have been done without.
   */
  run(touched: string[], written: Written<Result>): Promise<Result>;
}

/**
 * Gives the receipt back.
 * @param send sends the entry otherwise than as the last statement, where something has to come behind it.
 */
export type Written<Result extends Receipt> = (
  tx: Transaction,
  receipt: Result,
  send?: (statement: SQL) => unknown,
) => Promise<Result>;

/** Runs a command with all that every command has: scope, idempotency, an audit entry, a wake-up of the feed. */
export async function runCommand<Result extends Receipt>(
  context: Context,
  command: Command<Result>,
): Promise<Result> {
  const { operation } = command;
  const subjects: string[] = [];
  let isWritten = false;
  const written: Written<Result> = async (tx, receipt, send) => {
    // It took so long that its key was given to a second try, and that has done it.
    const isFirst = await settle(tx, context, command, { receipt, subjects });
    if (!isFirst) throw new GatewayError('IDEMPOTENCY_CONFLICT');
    await writeAudit(tx, context, { operation, subjects, result: 'OK' }, send);
    isWritten = true;
    return receipt;
  };
  const { receipt, isRepeated } = await attempt(context, command, subjects, written);
  context.feed.wake();
  const result = isRepeated ? 'REPEATED' : 'OK';
  if (!isWritten) await queueEntry(context, { operation, subjects, result });
  return receipt;
}

/** Does it; a refusal is audited, and stays what it is even when that fails. */
async function attempt<Result extends Receipt>(
  context: Context,
  command: Command<Result>,
  subjects: string[],
  written: Written<Result>,
): Promise<Answered<Result>> {
  const { operation } = command;
  try {
    requireScope(context.principal, command.scope);
    return await onlyOnce(context, command, subjects, () => command.run(subjects, written));
  } catch (error) {
    context.feed.wake();
    const result = error instanceof GatewayError ? error.code : 'INTERNAL';
    const isRepeated = result === 'FORBIDDEN' && forbidden.has(context);
    if (result === 'FORBIDDEN') forbidden.add(context);
    if (isRepeated) throw error;
    await queueEntry(context, { operation, subjects, result }).catch((failure: unknown) =>
      addFailure(error, failure),
    );
    throw error;
  }
}

/** Requests that were forbidden something already: fifty mutations in one would be fifty entries, for ever. */
const forbidden = new WeakSet<Context>();
