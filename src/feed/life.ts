import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';

/**
 * The database's life: cluster, timeline, database and incarnation. A restore, a promotion or a new
 * directory begins another one, in which old positions mean nothing.
 */
export const LIFE = sql`(select concat_ws('/', s.system_identifier,
    -- After a promotion the checkpoint has the old timeline until the next one ends.
    greatest(k.timeline_id, r.min_recovery_end_timeline), d.oid, f.incarnation)
  from pg_control_system() s, pg_control_checkpoint() k, pg_control_recovery() r, pg_database d, feed_state f
  where d.datname = current_database())`;

/**
 * Is another one in every other life, which begins with a start of the server, the end of its recovery, or another
 * database; and costs nothing to ask, where reading the control file three times is more than the rest of a look.
 */
export const MARK = sql`(select concat_ws('/', pg_postmaster_start_time(), pg_is_in_recovery(), d.oid, f.incarnation)
  from pg_database d, feed_state f where d.datname = current_database())`;

/** The part of a position that names its life. */
export const epochOf = (life: string) =>
  createHash('sha256').update(life).digest('hex').slice(0, 12);
