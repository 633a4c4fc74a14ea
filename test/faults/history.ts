import { sql } from 'drizzle-orm';
import type { Database } from '../../src/store/database.ts';

/** Whom something concerns. */
export interface Concern {
  readonly organizationId: string;
  readonly extensionIds: readonly string[];
  readonly ownerIds: readonly string[];
}

/** An entry of the log as it was committed. */
export interface Entry extends Concern {
  readonly xid: string;
  readonly callId: string;
  readonly version: number;
  readonly kind: string;
  readonly state: string | null;
  /** Gone from the log by now, as its call was deleted. */
  readonly erased: boolean;
}

/** A call that is live in the end. */
export interface LiveCall extends Concern {
  readonly id: string;
  readonly version: number;
  readonly state: string;
}

/** What SQL knows of a run. */
export interface History {
  /** In the order in which the feed has to tell them. */
  readonly entries: readonly Entry[];
  readonly live: readonly LiveCall[];
}

/** Asks when nobody writes any more. */
export async function readHistory(database: Database): Promise<History> {
  const entries = await database.rows<Entry>(sql`
    select h.xid::text, h.call_id as "callId", h.version, h.kind, h.state ->> 'state' as state,
      h.organization_id as "organizationId", h.extension_ids as "extensionIds", h.owner_ids as "ownerIds",
      not exists (select from call_changes l where (l.xid, l.id) = (h.xid, h.id)) as erased
    from history h order by h.xid, h.id`);
  const live = await database.rows<LiveCall>(sql`
    select c.id, c.version, c.state, c.organization_id as "organizationId",
      array_remove(array_agg(distinct e.id), null) as "extensionIds",
      array_remove(array_agg(distinct e.owner_id), null) as "ownerIds"
    from calls c left join participants p on p.call_id = c.id left join extensions e on e.id = p.extension_id
    where c.state <> 'ENDED' group by c.id`);
  return { entries, live };
}

/** Whether a transaction had been committed when Postgres said this of what was. */
export function isVisibleIn(mark: string, xid: string): boolean {
  const [, xmax = '0', running = ''] = mark.split(':');
  return BigInt(xid) < BigInt(xmax) && !running.split(',').includes(xid);
}
