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
  readonly subjects: readonly string[] | null;
}

/** What a command has left behind. */
interface Left {
  readonly receipt: Receipt;
  /** Ids of what it was done to, as they are audited. */
  readonly subjects: readonly string[];
}

/** What a request is answered by. */
export interface Answered<Result extends Receipt> {
  readonly receipt: Result;
  /** An earlier request has done it, and nothing was done for this one. */
  readonly isRepeated: boolean;
}

/** After these nobody knows what was done: who tries again at once would do it twice. */
const UNKNOWN_OUTCOMES: readonly unknown[] = ['SWITCH_TIMEOUT', 'UNAVAILABLE'];

/**
 * With a key, runs the work the first time and gives its receipt again afterwards. A refusal uses no key up; while it is
 * not known whether the work was done, its key is in use.
 * @param subjects takes the ids of what the work was done to: the work adds them, or they are those of the first time.
 */
export async function onlyOnce<Result extends Receipt>(
  context: Context,
  { operation, input }: Command<Result>,
  subjects: string[],
  work: () => Promise<Result>,
): Promise<Answered<Result>> {
  const { idempotencyKey: key } = input;
  if (!key) return { receipt: await work(), isRepeated: false };
  if (key.length > LONGEST_KEY) {
    throw new GatewayError(
      'BAD_INPUT',
      `\`idempotencyKey\` takes at most ${LONGEST_KEY} characters.`,
    );
  }
  const entry = await claim(context, key, operation, hashOf(input));
  if (!entry.same || (!entry.fresh && !entry.result))
    throw new GatewayError('IDEMPOTENCY_CONFLICT');
  if (entry.result) {
    subjects.push(...(entry.subjects ?? []));
    // The hash says that the operation and its input are the same, so the receipt is of the same shape.
    return { receipt: entry.result as Result, isRepeated: true };
  }
  const receipt = await work().catch(async (error) => {
    const isKnown = error instanceof GatewayError && !UNKNOWN_OUTCOMES.includes(error.code);
    if (isKnown) {
      await release(context, key).catch((failure: unknown) => addFailure(error, failure));
    }
    throw error;
  });
  await settle(context.database, context, { input }, { receipt, subjects });
  return { receipt, isRepeated: false };
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
        input_hash = excluded.input_hash, result = null, subjects = null, created_at = now()
      where k.created_at < now() - make_interval(hours => ${KEPT_HOURS})
        or (k.result is null and k.created_at < now() - make_interval(mins => ${ABANDONED_MINUTES}))
      returning true
    )
    select true as fresh, true as same, null::jsonb as result, null::text[] as subjects from claimed
    union all
    select false, operation = ${operation} and input_hash = ${inputHash}
      and organization_id = ${principal.organizationId}::uuid, result, subjects from idempotency_keys
    where user_id = ${principal.userId}::uuid and key = ${key} and not exists (select from claimed)`,
  );
  // Nothing at all: a rival's entry was committed while this statement waited for it.
  return entry ?? { fresh: false, same: true, result: null, subjects: null };
}

/** Keeps the first answer: in the transaction of what was done, neither is ever without the other. False when there is one. */
export async function settle(
  on: Executor,
  { principal }: Context,
  { input: { idempotencyKey: key } }: Pick<Command<Receipt>, 'input'>,
  { receipt, subjects }: Left,
): Promise<boolean> {
  if (!key) return true;
  const settled = await on.rows(sql`update idempotency_keys
    set result = ${sql.param(receipt)}::jsonb, subjects = ${sql.param(subjects)}::text[]
    where user_id = ${principal.userId}::uuid and key = ${key} and result is null returning true`);
  return settled.length > 0;
}

const release = ({ database, principal }: Context, key: string) =>
  database.rows(sql`delete from idempotency_keys
    where user_id = ${principal.userId}::uuid and key = ${key} and result is null`);
