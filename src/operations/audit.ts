import { sql } from 'drizzle-orm';
import type { Executor } from '../store/database.ts';
import { type AuditRow, insertAudit } from './audit-queue.ts';
import type { Context } from './context.ts';

/** What an entry says, beside who did it. */
export interface Done {
  /** The mutation's name, or what Tandem does by itself. */
  readonly operation: string;
  /** Ids of what it was done to. Never content: that may be deleted later. */
  readonly subjects: readonly string[];
  /** `OK`, or the code of the refusal. */
  readonly result: string;
}

type Asking = Pick<Context, 'principal' | 'dialect' | 'requestId'>;

/** The entry of a request. */
export const auditRow = ({ principal, dialect, requestId }: Asking, done: Done): AuditRow => {
  const { organizationId, userId, appId } = principal;
  return { organizationId, userId, appId, dialect, requestId, ...done };
};

/** Writes an entry within a transaction, as its last statement: from here on the organization's other entries wait. */
export const writeAudit = (tx: Executor, asking: Asking, done: Done) =>
  insertAudit(tx, [auditRow(asking, done)]);

/** Writes an entry of what Tandem does by itself, because it was asked for earlier. In a transaction it comes last. */
export const writeOwnAudit = (
  on: Executor,
  organizationId: string,
  { operation, subjects, userId }: Omit<Done, 'result'> & { readonly userId?: string },
) =>
  on.rows(sql`
    insert into audit_entries (organization_id, user_id, dialect, operation, subjects, result, request_id)
    values (${organizationId}::uuid, ${userId ?? null}::uuid, 'tandem', ${operation}, ${sql.param(subjects)}::text[], 'OK', '')`);
