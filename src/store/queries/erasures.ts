import { sql } from 'drizzle-orm';
import type { ErasureState, ErasureView } from '../../model/erasure.ts';
import type { PageRequest, PageView } from '../../model/page.ts';
import type { Executor } from '../database.ts';
import { cut, inOrder, type Order, within } from './keyset.ts';

/** How many calls are up that it goes on looking at. */
const LIVE = sql`case when e.state = 'DONE' then 0 else coalesce(jsonb_array_length(e.cursor -> 'live'), 0) end`;

/** An erasure of alias `e` as readers see it. */
export const ERASURE_COLUMNS = sql`
  e.id, e.organization_id as "organizationId", e.user_id as "userId", e.state, e.requested_at as "requestedAt",
  e.finished_at as "finishedAt", e.expected, e.erased, e.cleared, e.held, e.certificate, ${LIVE} as live,
  case when e.state = 'STOPPED' then 'RESUME'
    when e.state = 'RUNNING' and (e.cursor -> 'isThrough')::boolean and ${LIVE} > 0 then 'CALLS_TO_END'
  end as "waitsFor"`;

const NEWEST: Order = { columns: [{ column: sql`e.id`, type: 'uuid' }], descending: true };

/** One page of an organization's erasures, or of all when it is null; the newest first. */
export async function readErasurePage(
  on: Executor,
  organizationId: string | null,
  states: readonly ErasureState[] | null,
  page: PageRequest,
): Promise<PageView<ErasureView>> {
  const own = organizationId ? sql`e.organization_id = ${organizationId}::uuid` : sql`true`;
  const so = states ? sql`and e.state = any(${sql.param(states)}::text[])` : sql``;
  const rows = await on.rows<ErasureView>(sql`
    select ${ERASURE_COLUMNS} from (
      select * from erasures e where ${own} ${so} ${within(NEWEST, page)}
      ${cut(NEWEST, page)}) e ${inOrder(NEWEST, false)}`);
  return { rows };
}
