import { sql } from 'drizzle-orm';
import { GatewayError } from '../model/errors.ts';
import type { Database } from '../store/database.ts';
import { writeOwnAudit } from './audit.ts';
import { runCommand } from './command.ts';
import type { Context } from './context.ts';
import { eraseCalls } from './erase-call.ts';
import { lockCalls } from './log-change.ts';
import { whichOrganization } from './which-organization.ts';

const LONGEST_DAYS = 36_500;
/** How many calls go in one transaction: queries beside it must not feel it. */
const BATCH = 250;

export interface SetRetentionInput {
  /** Null keeps calls for ever, and must be said: a forgotten variable must not. */
  readonly days?: number | null | undefined;
  /** Null means one's own. */
  readonly organizationId?: string | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

export type RetentionReceipt = { readonly retentionDays: number | null };

/** Sets after how many days ended calls of an organization are deleted. While a hold lasts, never sooner than before. */
export const setRetention = (context: Context, input: SetRetentionInput) =>
  runCommand(context, {
    operation: 'setRetention',
    scope: 'MANAGE',
    input,
    run: async (touched, written): Promise<RetentionReceipt> => {
      const organizationId = await whichOrganization(context, input.organizationId);
      const { days } = input;
      if (days === undefined) throw new GatewayError('BAD_INPUT', '`days` is a number or null.');
      if (days !== null && (days < 1 || days > LONGEST_DAYS)) {
        throw new GatewayError('BAD_INPUT', `\`days\` is a number from 1 to ${LONGEST_DAYS}.`);
      }
      touched.push(organizationId);
      return context.database.transaction(async (tx) => {
        const set = await tx.rows(sql`
          update organizations o set retention_days = ${days}::int where id = ${organizationId}::uuid
            and (${days}::int is null or ${days}::int >= o.retention_days
              or not exists (select from calls c where c.organization_id = o.id and c.held_for_legal))
          returning true`);
        if (set.length === 0) {
          throw new GatewayError('LEGAL_HOLD', 'While calls are held, nothing is deleted sooner.');
        }
        return written(tx, { retentionDays: days });
      });
    },
  });

/** An organization whose calls grow too old, and how far its sweep has come. */
export interface Sweep {
  readonly organizationId: string;
  readonly days: number;
  readonly after: readonly [offeredAt: string, callId: string] | null;
}

/** Where sweeps are due: every organization that has a retention. */
export async function startSweeps(database: Database): Promise<Sweep[]> {
  const rows = await database.rows<Omit<Sweep, 'after'>>(sql`
    select id as "organizationId", retention_days as days from organizations where retention_days is not null`);
  return rows.map((row) => ({ ...row, after: null }));
}

/** Deletes one batch of an organization's calls that are older than it keeps them; null when there are no more. */
export const stepSweep = (
  database: Database,
  { organizationId, days, after }: Sweep,
): Promise<Sweep | null> =>
  database.transaction(async (tx) => {
    const range = after
      ? sql`and (offered_at, id) > (${after[0]}::timestamptz, ${after[1]}::uuid)`
      : sql``;
    // A switch whose clock is wrong may say that a call of today ended years ago.
    const old = sql`c.organization_id = ${organizationId}::uuid and c.state = 'ENDED' and not c.held_for_legal
      and greatest(c.ended_at, c.end_recorded_at) < now() - make_interval(days => ${days}::int)`;
    // The index is by the offer, which was before the end.
    const page = await tx.rows<{ id: string; offeredAt: string }>(sql`
      select c.id, to_char(c.offered_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "offeredAt"
      from calls c where ${old} and c.offered_at < now() - make_interval(days => ${days}::int) ${range}
      order by c.offered_at, c.id limit ${sql.raw(String(BATCH))}`);
    const last = page.at(-1);
    if (!last) return null;
    const ids = page.map(({ id }) => id);
    await lockCalls(tx, ids);
    const still = await tx.rows<{ id: string }>(sql`
      select c.id from calls c where c.id = any(${sql.param(ids)}::uuid[]) and ${old}
        and exists (select from organizations o where o.id = c.organization_id and o.retention_days = ${days}::int)`);
    const subjects = still.map(({ id }) => id);
    if (subjects.length > 0) {
      await eraseCalls(tx, subjects);
      await writeOwnAudit(tx, organizationId, { operation: 'deleteExpiredCalls', subjects });
    }
    return { organizationId, days, after: [last.offeredAt, last.id] };
  });
