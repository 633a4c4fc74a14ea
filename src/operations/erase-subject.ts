import { sql } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import { hashSubject } from '../auth/passwords.ts';
import type { ErasureCounts, ErasureCursor } from '../model/erasure.ts';
import { GatewayError } from '../model/errors.ts';
import { isUuid } from '../model/identifiers.ts';
import { isDialable } from '../model/phone-number.ts';
import { type Executor, firstRow } from '../store/database.ts';
import { runCommand } from './command.ts';
import type { Context } from './context.ts';
import { countSubject } from './count-subject.ts';
import { readSubject, rulesOf } from './read-subject.ts';
import { whichOrganization } from './which-organization.ts';

export interface EraseSubjectInput {
  readonly number: string;
  /** Null means one's own. */
  readonly organizationId?: string | null | undefined;
  /** Only counts. */
  readonly dryRun?: boolean | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

/** Null as the id when nothing was begun. */
export type ErasureReceipt = {
  readonly erasureId: string | null;
  readonly counts: ErasureCounts & { readonly [key: string]: number };
};

/** Begins to erase everything that an organization has about a number, or counts what that would be. */
export const eraseSubject = (context: Context, input: EraseSubjectInput) =>
  runCommand(context, {
    operation: input.dryRun ? 'eraseSubject.dryRun' : 'eraseSubject.begin',
    scope: 'MANAGE',
    input,
    run: async (touched, written): Promise<ErasureReceipt> => {
      const organizationId = await whichOrganization(context, input.organizationId);
      const { database, switches } = context;
      await checkNumber(database, organizationId, input.number);
      const rules = rulesOf(switches);
      const subject = await readSubject(database, organizationId, input.number, rules);
      const { userId } = context.principal;
      const { liveIds, ...counts } = await countSubject({
        ...{ database, organizationId, subject, userId },
        // What is to begin begins, whether or not anybody waits for the answer.
        ...(input.dryRun && { signal: context.signal }),
      });
      if (input.dryRun) return { erasureId: null, counts };
      const erasureId = uuidv7();
      touched.push(erasureId);
      // Those that are up now are counted when they have gone, also when somebody else had them deleted before it began.
      const start: ErasureCursor = { after: null, isThrough: false, live: liveIds };
      const subjectHash = await hashSubject(subject.numbers[0] ?? '', context.erasureKey);
      return context.database.transaction(async (tx) => {
        const { username } = context.principal;
        await tx.rows(sql`
          insert into erasures (id, organization_id, user_id, username, state, number, subject_hash, expected, cursor)
          values (${erasureId}::uuid, ${organizationId}::uuid, ${userId}::uuid, ${username}, 'RUNNING',
            ${input.number}, ${subjectHash}, ${counts.calls}::int, ${sql.param(start)}::jsonb)`);
        return written(tx, { erasureId, counts });
      });
    },
  });

/** One number alone must be meant: what is gone cannot be brought back. */
async function checkNumber(on: Executor, organizationId: string, number: string): Promise<void> {
  if (!isDialable(number) || !/\d/.test(number)) throw new GatewayError('PHONE_NUMBER_INVALID');
  const meant = await on.rows<{ number: string }>(sql`
    select number from extensions x where organization_id = ${organizationId}::uuid
      and short_number = ${number} and number <> ${number} order by number limit 5`);
  if (meant.length === 0) return;
  const names = meant.map((one) => one.number).join(', ');
  throw new GatewayError(
    'BAD_INPUT',
    `${number} is short for ${names}: name an extension in full, or put a plus sign before what is no extension.`,
  );
}

export interface ErasureInput {
  readonly erasureId: string;
  readonly idempotencyKey?: string | null | undefined;
}

/** Stops an erasure after the batch that is under way: what is gone is gone, and what is up will stay; the number is kept. */
export const stopErasure = (context: Context, input: ErasureInput) =>
  setErasure(context, input, { operation: 'stopErasure', from: 'RUNNING', to: 'STOPPED' });

/** Goes on with an erasure that was stopped. */
export const resumeErasure = (context: Context, input: ErasureInput) =>
  setErasure(context, input, { operation: 'resumeErasure', from: 'STOPPED', to: 'RUNNING' });

interface Turn {
  readonly operation: string;
  readonly from: string;
  readonly to: string;
}

const setErasure = (context: Context, input: ErasureInput, { operation, from, to }: Turn) =>
  runCommand(context, {
    operation,
    scope: 'MANAGE',
    input,
    run: async (touched, written): Promise<{ readonly erasureId: string }> => {
      const { erasureId } = input;
      return context.database.transaction(async (tx) => {
        const own = await firstRow<{ state: string }>(
          tx,
          sql`select state from erasures where ${visibleErasure(context, erasureId)} for update`,
        );
        if (!own) throw new GatewayError('ERASURE_NOT_FOUND');
        touched.push(erasureId);
        if (own.state !== from && own.state !== to) {
          throw new GatewayError('WRONG_STATE', 'The erasure is done.');
        }
        await tx.rows(sql`update erasures set state = ${to} where id = ${erasureId}::uuid`);
        if (to === 'STOPPED') await unmarkCalls(tx, erasureId);
        return written(tx, { erasureId });
      });
    },
  });

/** What it had marked and is still up does not go any more; going on marks it again. */
const unmarkCalls = (tx: Executor, erasureId: string) =>
  tx.rows(sql`
    update calls set deletion_requested_at = null, deletion_requested_by = null, deletion_reason = null
    where deletion_reason = ${erasureId}::uuid and id in (
      select jsonb_array_elements_text(cursor -> 'live')::uuid from erasures where id = ${erasureId}::uuid)`);

/** Whether an erasure is there for the principal: never for a USER. */
export function visibleErasure({ principal, visibility }: Context, id: string) {
  if (principal.accountType === 'USER' || !isUuid(id)) return sql`false`;
  const { organizationId } = visibility;
  return sql`id = ${id}::uuid and (${organizationId}::uuid is null or organization_id = ${organizationId}::uuid)`;
}
