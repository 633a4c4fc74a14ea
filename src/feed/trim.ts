import { sql } from 'drizzle-orm';
import type { Database } from '../store/database.ts';

/** Cuts off the log what is older than the retention, and remembers where, so that readers learn of the gap. */
export async function trimLog(database: Database, retentionHours: number): Promise<void> {
  await database.rows(sql`
    with old as materialized (
      select xid, id from call_changes
      where occurred_at < now() - make_interval(hours => ${retentionHours}::int)
        -- What is above the horizon nobody has been told.
        and xid < pg_snapshot_xmin(pg_current_snapshot())
    ), cut as (
      select xid, id from old order by old.xid desc, old.id desc limit 1
    ), gone as (
      delete from call_changes l using cut where (l.xid, l.id) <= (cut.xid, cut.id)
    )
    update feed_state set trimmed_xid = cut.xid, trimmed_id = cut.id from cut`);
}
