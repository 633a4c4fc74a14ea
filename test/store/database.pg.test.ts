import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { openDatabase } from '../../src/store/database.ts';
import { freshDatabase } from '../support/database.ts';

test('a connection prepares a statement when its text comes again, and not before', async () => {
  await using fresh = await freshDatabase();
  await using database = openDatabase({ url: fresh.url, connections: 1 });
  for (const number of [1, 2]) await database.rows(sql`select ${number}::int as often`);
  await database.rows(sql`select ${1}::int as once`);

  const prepared = await database.rows(
    sql`select statement from pg_prepared_statements where statement like ${'select $1::int as %'}`,
  );

  expect(prepared).toEqual([{ statement: 'select $1::int as often' }]);
});
