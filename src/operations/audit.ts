import { type SQL, sql } from 'drizzle-orm';
import { isUuid } from '../model/identifiers.ts';
import type { Executor, Transaction } from '../store/database.ts';
import { type AuditRow, auditStatement, queueAudit } from './audit-queue.ts';
import type { Context } from './context.ts';

/** What an entry says, beside who did it. */
export interface Done {
  /** The mutation's name, or what Tandem does by itself. */
  readonly operation: string;
  /** Ids of what it was done to; of an export its place and how many, too. Never content: that may be deleted later. */
  readonly subjects: readonly string[];
  /**
   * `OK`; `REPEATED` for who got the first answer again; `BROKEN_OFF` for an export that did not come to its end; or the
   * code of the refusal.
   */
  readonly result: string;
}

type Asking = Pick<Context, 'principal' | 'dialect' | 'requestId'>;

/** The entry of a request; one for each organization when an ADMINISTRATOR did it to several. */
export async function auditRows(on: Executor, asking: Asking, done: Done): Promise<AuditRow[]> {
  const { principal, dialect, requestId } = asking;
  const { organizationId, userId, appId, accountType } = principal;
  const row = { organizationId, userId, appId, dialect, requestId, ...done };
  if (accountType !== 'ADMINISTRATOR' || done.subjects.length === 0) return [row];
  const homes = await homesOf(on, done.subjects);
  // What is gone without a trace was where the rest is.
  const [first = organizationId] = homes.values();
  const bySubject = Map.groupBy(done.subjects, (subject) => homes.get(subject) ?? first);
  return [...bySubject].map(([home, subjects]) => ({ ...row, organizationId: home, subjects }));
}

/**
 * Writes an entry within a transaction, as its last statement: from here on the organization's other entries wait.
 * @param send sends it otherwise, where something has to come behind it.
 */
export async function writeAudit(
  tx: Transaction,
  asking: Asking,
  done: Done,
  send: (statement: SQL) => unknown = tx.last,
): Promise<void> {
  await send(auditStatement(await auditRows(tx, asking, done)));
}

/** Writes an entry with others that come at the same time; resolves when it is committed. */
export async function queueEntry(context: Context, done: Done): Promise<void> {
  const rows = await auditRows(context.database, context, done);
  await Promise.all(rows.map((row) => queueAudit(context.database, row)));
}

/** Whose the things of these ids are: an organization reads in its own chain what was done to what it has. */
async function homesOf(on: Executor, subjects: readonly string[]) {
  const rows = await on.rows<{ subject: string; home: string }>(sql`
    with s as (select subject, subject::uuid as id from unnest(${sql.param(subjects.filter(isUuid))}::text[]) subject)
    select s.subject, c.organization_id as home from s join calls c using (id)
    union select s.subject, l.organization_id from s join call_changes l on l.call_id = s.id
    union select s.subject, e.organization_id from s join erasures e using (id)
    union select s.subject, x.organization_id from s join extensions x using (id)
    union select s.subject, o.id from s join organizations o using (id)
    union select s.subject, r.organization_id from unnest(${sql.param(subjects)}::text[]) s(subject)
      join phone_call_events r on r.id = s.subject`);
  return new Map(rows.map(({ subject, home }) => [subject, home]));
}

/** What Tandem has done, or had to refuse; in the name of whoever asked for it earlier. */
type OwnDone = Omit<Done, 'result'> & {
  readonly result?: string;
  readonly userId?: string | null;
};

/** Writes an entry of what Tandem does by itself, because it was asked for earlier. In a transaction it comes last. */
export const writeOwnAudit = (
  on: Executor,
  organizationId: string,
  { operation, subjects, userId, result = 'OK' }: OwnDone,
) =>
  on.rows(sql`
    insert into audit_entries (organization_id, user_id, dialect, operation, subjects, result, request_id)
    values (${organizationId}::uuid, ${userId ?? null}::uuid, 'tandem', ${operation}, ${sql.param(subjects)}::text[], ${result}, '')`);
