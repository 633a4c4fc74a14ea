import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { addFailure, GatewayError } from '../model/errors.ts';
import { type Executor, firstRow } from '../store/database.ts';
import type { Command, Receipt } from './command.ts';
import type { Context } from './context.ts';

/** How long a first answer is given again. */
const KEPT_HOURS = 24;
/** What an index has room for. */
const LONGEST_KEY = 255;
/** A request that was under way when its process died blocks its key for so long. */
const ABANDONED_MINUTES = 5;

interface Entry {
  readonly fresh: boolean;
  readonly same: boolean;
  readonly result: Receipt | null;
}

/** After these nobody knows what was done: who tries again at once would do it twice. */
const UNKNOWN_OUTCOMES: readonly unknown[] = ['SWITCH_TIMEOUT', 'UNAVAILABLE'];

/**
 * With a key, runs the work the first time and gives its receipt again afterwards. A refusal uses no key up; while it is
 * not known whether the work was done, its key is in use.
 */
export async function onlyOnce<Result extends Receipt>(
  context: Context,
  { operation, input }: Command<Result>,
  work: () => Promise<Result>,
): Promise<Result> {
  const { idempotencyKey: key } = input;
  if (!key) return work();
  if (key.length > LONGEST_KEY) {
    throw new GatewayError(
      'BAD_INPUT',
      `\`idempotencyKey\` takes at most ${LONGEST_KEY} characters.`,
    );
  }
  const entry = await claim(context, key, operation, hashOf(input));
  if (!entry.same || (!entry.fresh && !entry.result))
    throw new GatewayError('IDEMPOTENCY_CONFLICT');
  // The hash says that the operation and its input are the same, so the receipt is of the same shape.
  if (entry.result) return entry.result as Result;
  const result = await work().catch(async (error) => {
    const isKnown = error instanceof GatewayError && !UNKNOWN_OUTCOMES.includes(error.code);
    if (isKnown) {
      await release(context, key).catch((failure: unknown) => addFailure(error, failure));
    }
    throw error;
  });
  await settle(context.database, context, { input }, result);
  return result;
}

const hashOf = (input: object) =>
  createHash('sha256')
    .update(JSON.stringify({ ...input, clientMutationId: undefined }))
    .digest('hex');

async function claim(
  { database, principal }: Context,
  key: string,
  operation: string,
  inputHash: string,
): Promise<Entry> {
  const entry = await firstRow<Entry>(
    database,
    sql`
    with claimed as (
      insert into idempotency_keys as k (user_id, key, organization_id, operation, input_hash)
      values (${principal.userId}::uuid, ${key}, ${principal.organizationId}::uuid, ${operation}, ${inputHash})
      on conflict (user_id, key) do update set organization_id = excluded.organization_id, operation = excluded.operation,
        input_hash = excluded.input_hash, result = null, created_at = now()
      where k.created_at < now() - make_interval(hours => ${KEPT_HOURS})
        or (k.result is null and k.created_at < now() - make_interval(mins => ${ABANDONED_MINUTES}))
      returning true
    )
    select true as fresh, true as same, null::jsonb as result from claimed
    union all
    select false, operation = ${operation} and input_hash = ${inputHash}
      and organization_id = ${principal.organizationId}::uuid, result from idempotency_keys
    where user_id = ${principal.userId}::uuid and key = ${key} and not exists (select from claimed)`,
  );
  // Nothing at all: a rival's entry was committed while this statement waited for it.
  return entry ?? { fresh: false, same: true, result: null };
}

/** Keeps the first answer: in the transaction of what was done, neither is ever without the other. */
export async function settle(
  on: Executor,
  { principal }: Context,
  { input: { idempotencyKey: key } }: Pick<Command<Receipt>, 'input'>,
  result: Receipt,
): Promise<void> {
  if (!key) return;
  await on.rows(sql`update idempotency_keys set result = ${sql.param(result)}::jsonb
    where user_id = ${principal.userId}::uuid and key = ${key} and result is null`);
}

const release = ({ database, principal }: Context, key: string) =>
  database.rows(sql`delete from idempotency_keys
    where user_id = ${principal.userId}::uuid and key = ${key} and result is null`);
