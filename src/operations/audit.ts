import { sql } from 'drizzle-orm';
import type { Executor } from '../store/database.ts';
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

/**
 * Writes an audit entry of a request. In a transaction it comes last: from here to its end, the organization's
 * other entries wait.
 */
export const writeAudit = (
  on: Executor,
  { principal, dialect, requestId }: Pick<Context, 'principal' | 'dialect' | 'requestId'>,
  { operation, subjects, result }: Done,
) =>
  on.rows(sql`
    insert into audit_entries (organization_id, user_id, app_id, dialect, operation, subjects, result, request_id)
    values (${principal.organizationId}::uuid, ${principal.userId}::uuid, ${principal.appId}::uuid, ${dialect},
      ${operation}, ${sql.param(subjects)}::text[], ${result}, ${requestId})`);

/** Writes an entry of what Tandem does by itself, because it was asked for earlier. In a transaction it comes last. */
export const writeOwnAudit = (
  on: Executor,
  organizationId: string,
  { operation, subjects, userId }: Omit<Done, 'result'> & { readonly userId?: string },
) =>
  on.rows(sql`
    insert into audit_entries (organization_id, user_id, dialect, operation, subjects, result, request_id)
    values (${organizationId}::uuid, ${userId ?? null}::uuid, 'tandem', ${operation}, ${sql.param(subjects)}::text[], 'OK', '')`);
