import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { migrate, needsMigration } from '../../src/store/migrate.ts';
import { freshDatabase, freshEmbedded } from '../support/database.ts';

const tables = async (database: Database) =>
  (
    await database.rows<{ name: string }>(
      sql`select table_name as name from information_schema.tables where table_schema = 'public'`,
    )
  ).map(({ name }) => name);

test.for([
  ['Postgres', freshDatabase],
  ['embedded Postgres', freshEmbedded],
] as const)('migrations apply twice without harm on %s', async ([, open]) => {
  await using database = await open({ migrated: false });
  const before = await needsMigration(database);

  await migrate(database);
  await migrate(database);

  expect([before, await needsMigration(database)]).toEqual([true, false]);
  expect(await tables(database)).toContain('calls');
  expect(await database.rows(sql`select single from feed_state`)).toHaveLength(1);
});

test('processes that start at once migrate once', async () => {
  await using database = await freshDatabase({ migrated: false });
  const pools = Array.from({ length: 4 }, () =>
    openDatabase({ url: database.url, connections: 2 }),
  );
  await using stack = new AsyncDisposableStack();
  for (const pool of pools) stack.use(pool);

  await Promise.all(pools.map(migrate));

  expect(await needsMigration(database)).toBe(false);
});
