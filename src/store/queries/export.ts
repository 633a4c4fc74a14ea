import { type SQL, sql } from 'drizzle-orm';
import type { CallView } from '../../model/call.ts';
import type { Visibility } from '../../model/visibility.ts';
import type { Executor } from '../database.ts';
import { callJson } from './json.ts';

/** A call that has ended, and the transaction after which it stands in the order of exports. */
export interface ExportRow {
  readonly xid: string;
  readonly call: CallView;
}

/** User data is the one part of a call that may be large. */
const MOST_BYTES = 1_000_000;

interface ExportRange {
  readonly organizationId: string;
  readonly visibility: Visibility;
  readonly after: { readonly xid: string; readonly callId: string } | null;
  readonly limit: number;
}

/**
 * The next calls that have ended, in the order of transactions: what commits later comes later, however long its
 * transaction took. At least one; no more than are about a megabyte.
 */
export function readExport(
  on: Executor,
  { organizationId, visibility, after, limit }: ExportRange,
): Promise<ExportRow[]> {
  const range = after
    ? sql`and (c.changed_xid, c.id) > (${after.xid}::text::xid8, ${after.callId}::uuid)`
    : sql``;
  const where = sql`c.organization_id = ${organizationId}::uuid and c.state = 'ENDED'
    and c.changed_xid < pg_snapshot_xmin(pg_current_snapshot()) ${range}`;
  const order = sql`order by c.changed_xid, c.id`;
  return on.rows<ExportRow>(sql`
    with next as (select c.* from ${callsOf(visibility, where)} c ${order} limit ${sql.raw(String(limit))}),
      measured as (
        select c.*, row_number() over (${order}) as nth,
          sum(coalesce(octet_length(c.user_data::text), 0)) over (${order}) as bytes from next c)
    select c.changed_xid::text as xid, ${callJson({ userData: true, identifiers: true, participants: {} })} as call
    from measured c where nth = 1 or bytes <= ${MOST_BYTES} ${order}`);
}

/** A USER's are found by the legs: among all of its organization they may be few, and far between. */
function callsOf({ ownerId }: Visibility, where: SQL): SQL {
  if (!ownerId) return sql`(select c.* from calls c where ${where})`;
  return sql`(with own as materialized (
      select c.* from calls c where ${where} and c.id in (
        select p.call_id from extensions x join participants p on p.extension_id = x.id
        where x.owner_id = ${ownerId}::uuid)
    ) select * from own)`;
}
