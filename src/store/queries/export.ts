import { sql } from 'drizzle-orm';
import type { CallView } from '../../model/call.ts';
import type { Visibility } from '../../model/visibility.ts';
import type { Executor } from '../database.ts';
import { callVisible } from './conditions.ts';
import { callJson } from './json.ts';

/** A call that has ended, and the transaction after which it stands in the order of exports. */
export interface ExportRow {
  readonly xid: string;
  readonly call: CallView;
}

interface ExportRange {
  readonly organizationId: string;
  readonly visibility: Visibility;
  readonly after: { readonly xid: string; readonly callId: string } | null;
  readonly limit: number;
}

/**
 * The next calls that have ended, in the order of transactions: what commits later comes later, however long its
 * transaction took.
 */
export function readExport(
  on: Executor,
  { organizationId, visibility, after, limit }: ExportRange,
): Promise<ExportRow[]> {
  const range = after
    ? sql`and (c.changed_xid, c.id) > (${after.xid}::text::xid8, ${after.callId}::uuid)`
    : sql``;
  return on.rows<ExportRow>(sql`
    select c.changed_xid::text as xid, ${callJson({ userData: true, identifiers: true, participants: {} })} as call
    from calls c where c.organization_id = ${organizationId}::uuid and c.state = 'ENDED' and ${callVisible(visibility)}
      and c.changed_xid < pg_snapshot_xmin(pg_current_snapshot()) ${range}
    order by c.changed_xid, c.id limit ${sql.raw(String(limit))}`);
}
