import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { migrate as run } from 'drizzle-orm/postgres-js/migrator';
import type { Database } from './database.ts';

const FOLDER = fileURLToPath(new URL('../../drizzle', import.meta.url));
/** "tandem" in hexadecimal: several processes may start at once. */
const LOCK = '0x74616e64656d';

/** Brings the database's tables to this version; does nothing when they are there. */
export async function migrate(database: Database): Promise<void> {
  const connection = await database.client.reserve();
  try {
    await connection.unsafe(`select pg_advisory_lock(${Number(LOCK)})`);
    await run(database.drizzle, { migrationsFolder: FOLDER });
    await database.rows(sql`insert into feed_state (single) values (true) on conflict do nothing`);
    await renumber(database);
    await connection.unsafe(`select pg_advisory_unlock(${Number(LOCK)})`);
  } finally {
    connection.release();
  }
}

/**
 * In a database that was restored from a dump, numbers of transactions are another one's, and may be higher than all
 * of its own for long: what ended there would be exported after what ends here.
 */
async function renumber(database: Database): Promise<void> {
  const beyond = sql`>= pg_snapshot_xmax(pg_current_snapshot())`;
  // By the index: each organization's last one.
  const rows = await database.rows<{ id: string }>(sql`
    select o.id from organizations o where (
      select c.changed_xid from calls c where c.organization_id = o.id and c.state = 'ENDED'
      order by c.changed_xid desc limit 1) ${beyond}`);
  if (rows.length === 0) return;
  await database.rows(sql`update calls set changed_xid = pg_current_xact_id()
    where organization_id = any(${sql.param(rows.map(({ id }) => id))}::uuid[]) and state = 'ENDED'
      and changed_xid ${beyond}`);
}

/** Whether a migration of this version is not applied yet. */
export async function needsMigration(database: Database): Promise<boolean> {
  const all = readMigrationFiles({ migrationsFolder: FOLDER });
  const [found] = await database.rows<{ there: boolean }>(
    sql`select to_regclass('drizzle.__drizzle_migrations') is not null as there`,
  );
  if (!found?.there) return true;
  const [applied] = await database.rows<{ count: number }>(
    sql`select count(*)::int as count from drizzle.__drizzle_migrations`,
  );
  return (applied?.count ?? 0) < all.length;
}
