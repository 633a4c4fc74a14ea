import { sql } from 'drizzle-orm';
import type { AuditEntryView } from '../../model/audit.ts';
import type { PageRequest, PageView } from '../../model/page.ts';
import type { Executor } from '../database.ts';
import { cut, inOrder, type Order, within } from './keyset.ts';

/** An audit entry of alias `a` as readers see it. A year before Christ, which only an edit has, is told by its sign. */
export const AUDIT_COLUMNS = sql`
  a.id::text as id, case when a.occurred_at < '0001-01-01Z' then '-' else '' end || to_char(a.occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "occurredAt",
  a.organization_id as "organizationId", a.user_id as "userId", a.app_id as "appId", a.dialect, a.operation,
  -- A list that does not begin at 1, which only an edit makes, is told as another one.
  case when array_lower(a.subjects, 1) <> 1 then array[a.subjects] else a.subjects end as subjects, a.result, a.request_id as "requestId", a.sequence::float8 as sequence,
  a.previous_hash as "previousHash", a.hash`;

/** What audit entries must have; null or absent means anything. */
export interface AuditFilter {
  readonly operation?: string | null | undefined;
  /** An id of what it was done to. */
  readonly subject?: string | null | undefined;
  readonly from?: string | null | undefined;
  readonly before?: string | null | undefined;
}

const NEWEST: Order = { columns: [{ column: sql`a.id`, type: 'bigint' }], descending: true };

/** One page of an organization's entries, or of all when it is null; the newest first. */
export async function readAuditPage(
  on: Executor,
  organizationId: string | null,
  filter: AuditFilter,
  page: PageRequest,
): Promise<PageView<AuditEntryView>> {
  const { operation = null, subject = null, from = null, before = null } = filter;
  const own = organizationId ? sql`a.organization_id = ${organizationId}::uuid` : sql`true`;
  const rows = await on.rows<AuditEntryView>(sql`
    select ${AUDIT_COLUMNS} from (
      select * from audit_entries a where ${own} ${within(NEWEST, page)}
        and (${operation}::text is null or a.operation = ${operation}::text)
        and (${subject}::text is null or ${subject}::text = any(a.subjects))
        and (${from}::timestamptz is null or a.occurred_at >= ${from}::timestamptz)
        and (${before}::timestamptz is null or a.occurred_at < ${before}::timestamptz)
      ${cut(NEWEST, page)}) a ${inOrder(NEWEST, false)}`);
  return { rows };
}
