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
    await connection.unsafe(`select pg_advisory_unlock(${Number(LOCK)})`);
  } finally {
    connection.release();
  }
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
