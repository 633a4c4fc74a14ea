import { setImmediate } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import type { Executor } from '../../src/store/database.ts';
import { freshEmbedded } from '../support/database.ts';

test('queries and transactions of several connections never get each other’s rows', async () => {
  await using database = await freshEmbedded({ migrated: false });
  const ask = (on: Executor, value: number) => on.rows(sql`select ${value}::int as value`);
  const alone = async (value: number) => ask(database, value);
  const inTransaction = (value: number) =>
    database.transaction(async (tx) => {
      await ask(tx, value);
      await setImmediate();
      return ask(tx, value);
    });

  const answered = await Promise.all(
    Array.from({ length: 1500 }, (_, value) => (value % 2 ? alone(value) : inTransaction(value))),
  );

  expect(answered).toEqual(answered.map((_, value) => [{ value }]));
});

test('queries beside a transaction neither see nor break it', async () => {
  await using database = await freshEmbedded({ migrated: false });
  await database.rows(sql`create table marks (mark int)`);

  const [, ...counts] = await Promise.all([
    database.transaction(async (tx) => {
      for (let mark = 0; mark < 50; mark += 1)
        await tx.rows(sql`insert into marks values (${mark}::int)`);
    }),
    ...Array.from({ length: 100 }, () =>
      database.rows<{ count: number }>(sql`select count(*)::int from marks`),
    ),
  ]);

  expect(counts.flat().filter(({ count }) => count !== 0 && count !== 50)).toEqual([]);
});
