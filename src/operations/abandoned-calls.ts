import { sql } from 'drizzle-orm';
import type { Database } from '../store/database.ts';
import { resyncCalls } from './resync-calls.ts';

/** Calls that are up on a switch which no Tandem is connected to: nobody would ever say that they have ended. */
export interface AbandonedCalls {
  readonly connector: string;
  readonly calls: number;
  /** So many of them are to be deleted when they end. */
  readonly marked: number;
}

/** The lock of a switch as `pg_locks` shows it: the halves of the key that its name has. */
const IS_LOCKED = sql`exists (
  select from pg_locks k, hashtextextended('switch ' || c.connector, 0) as key
  where k.locktype = 'advisory' and k.objsubid = 1
    and k.database = (select oid from pg_database where datname = current_database())
    and k.classid::bigint = (key >> 32) & 4294967295 and k.objid::bigint = key & 4294967295)`;

/** Finds them; `own` are the switches of this process, which need no lock where it is alone. */
export const findAbandonedCalls = (database: Database, own: readonly string[]) =>
  database.rows<AbandonedCalls>(sql`
    select * from (
      select connector, count(*)::int as calls,
        count(*) filter (where deletion_requested_at is not null)::int as marked
      from calls where state <> 'ENDED' and connector is not null group by connector
    ) c where not connector = any(${sql.param(own)}::text[]) and not ${IS_LOCKED} order by connector`);

/**
 * Ends the calls of a switch that is gone for good, as lost; those that are marked for deletion go. Nobody else may
 * have the switch meanwhile. Gives how many there were.
 */
export async function endAbandonedCalls(database: Database, connector: string): Promise<number> {
  // From here on, whoever had it last writes nothing more.
  await database.rows(sql`
    update connector_links set term = term + 1, owner = null, link = 'STOPPED', since = now()
    where connector = ${connector}`);
  const live = await database.rows(
    sql`select from calls where connector = ${connector} and state <> 'ENDED'`,
  );
  const nothing = { record: async () => {}, fence: async () => {} };
  await resyncCalls(
    { database, connector, keepsUserData: false, ...nothing },
    { epoch: '', calls: [] },
  );
  return live.length;
}

/** Whether a switch with this id was ever linked to, or has told of a call. */
export async function isKnownSwitch(database: Database, connector: string): Promise<boolean> {
  const [known] = await database.rows(sql`
    select where exists (select from connector_links where connector = ${connector})
      or exists (select from calls where connector = ${connector})`);
  return known !== undefined;
}
