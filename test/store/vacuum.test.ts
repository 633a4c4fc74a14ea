import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import type { Database } from '../../src/store/database.ts';
import { openEmbedded } from '../../src/store/embedded.ts';
import { vacuumDue } from '../../src/store/vacuum.ts';
import { freshDirectory } from '../support/database.ts';

/** What is known of the table, when all that was done has been counted. */
async function tableOf(database: Database) {
  await database.rows(sql`select pg_stat_force_next_flush()`);
  const [table] = await database.rows(sql`
    select n_dead_tup::int as dead, reltuples::int as size, vacuum_count::int as vacuums
    from pg_stat_user_tables join pg_class on pg_class.oid = relid where pg_class.relname = 'guests'`);
  return table;
}

test('the embedded Postgres is rid of dead rows, and knows how many live ones there are', async () => {
  await using directory = await freshDirectory();
  await using database = await openEmbedded(directory.path);
  await database.rows(sql`create table guests as select generate_series(1, 3000) as n`);
  await database.rows(sql`delete from guests where n > 1000`);
  const before = await tableOf(database);

  await vacuumDue(database);

  expect(before).toMatchObject({ dead: 2000, vacuums: 0 });
  expect(await tableOf(database)).toEqual({ dead: 0, size: 1000, vacuums: 1 });
});

test('a table of which little has changed is left alone', async () => {
  await using directory = await freshDirectory();
  await using database = await openEmbedded(directory.path);
  await database.rows(sql`create table guests as select generate_series(1, 3000) as n`);
  await tableOf(database);
  await vacuumDue(database);
  await database.rows(sql`delete from guests where n > 2900`);

  await vacuumDue(database);

  expect(await tableOf(database)).toMatchObject({ dead: 100, vacuums: 1 });
});
