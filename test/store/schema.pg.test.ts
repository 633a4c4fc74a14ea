import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { needsMigration } from '../../src/store/migrate.ts';
import { eachStore } from '../support/database.ts';

eachStore((database) => {
  test('a fresh database is migrated', async () => {
    expect(await needsMigration(database())).toBe(false);
  });

  test('rows come with the names of their columns', async () => {
    expect(await database().rows(sql`select 1 as one`)).toEqual([{ one: 1 }]);
  });
});
