import { sql } from 'drizzle-orm';
import type postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { isAway } from '../../src/store/away.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';

/** By the driver a transaction begins with its first statement, in one turn. */
describe('the begin of a transaction', () => {
  let fresh: FreshDatabase;
  let database: Database;
  const notes = () => database.rows<{ text: string }>(sql`select text from notes order by text`);
  const note = (text: string) => sql`insert into notes values (${text})`;

  beforeAll(async () => {
    fresh = await freshDatabase();
    database = openDatabase({ url: fresh.url, connections: 1 });
    await database.rows(sql`create table notes (text text unique)`);
  });
  beforeEach(async () => {
    await database.rows(sql`truncate notes`);
  });
  afterAll(async () => {
    await database[Symbol.asyncDispose]();
    await fresh[Symbol.asyncDispose]();
  });

  test.for([
    ['with parameters', () => note('one')],
    ['without any', () => sql`insert into notes values ('one')`],
  ] as const)('what comes after a first statement %s is rolled back with it', async ([, first]) => {
    const failing = database.transaction(async (tx) => {
      await tx.rows(first());
      await tx.rows(note('two'));
      throw new Error('changed my mind');
    });

    await expect(failing).rejects.toThrow('changed my mind');
    expect(await notes()).toEqual([]);
  });

  test('statements that are sent at once are in the same transaction', async () => {
    const ids = await database.transaction((tx) =>
      Promise.all([1, 2, 3].map((n) => tx.rows(sql`select pg_current_xact_id() as id, ${n}::int`))),
    );

    expect(new Set(ids.flat().map(({ id }) => id)).size).toBe(1);
  });

  test('the rows of a first statement are its own, prepared or not', async () => {
    const first = () =>
      database.transaction((tx) => tx.rows(sql`select n from generate_series(1, ${3}::int) n`));

    const given = [await first(), await first(), await first()];

    expect(given).toEqual(Array(3).fill([{ n: 1 }, { n: 2 }, { n: 3 }]));
  });

  test('a first statement that fails leaves a connection that serves', async () => {
    const failing = database.transaction((tx) => tx.rows(sql`select 1 / ${0}::int`));

    await expect(failing).rejects.toMatchObject({ code: 'BAD_INPUT' });
    await database.transaction((tx) => tx.rows(note('after')));
    expect(await notes()).toEqual([{ text: 'after' }]);
  });

  test('one whose first value cannot be sent is none, and neither are those behind it', async () => {
    const unsendable = {
      toString() {
        throw new Error('no text');
      },
    };

    const failing = database.transaction((tx) =>
      Promise.all([
        tx.rows({ sql: 'insert into notes values ($1)', params: [unsendable] }),
        tx.rows(note('behind')),
      ]),
    );

    await expect(failing).rejects.toThrow('no text');
    await database.rows(note('after'));
    expect(await notes()).toEqual([{ text: 'after' }]);
  });

  test('one without a statement sends none', async () => {
    const result = await database.transaction(async () => 'nothing');

    expect(result).toBe('nothing');
    const [{ query } = expect.fail()] = await database.rows<{ query: string }>(
      sql`select query from pg_stat_activity where pid = pg_backend_pid()`,
    );
    expect(query).toContain('pg_stat_activity');
  });

  test('whatever was to come behind a first statement fails when its connection is lost', async () => {
    const settled = Promise.withResolvers<PromiseSettledResult<unknown>[]>();
    const failing = database.transaction(async (tx) => {
      const all = [
        tx.rows(sql`select pg_terminate_backend(pg_backend_pid()), ${1}::int`),
        tx.rows(note('two')),
        tx.rows(note('three')),
      ];
      settled.resolve(await Promise.allSettled(all));
    });

    await expect(failing).rejects.toSatisfy(isAway);
    expect((await settled.promise).map(({ status }) => status)).toEqual(Array(3).fill('rejected'));
    expect(await notes()).toEqual([]);
  });

  test('where it cannot begin nothing is done', async () => {
    const insert = (on: postgres.TransactionSql, text: string) =>
      on.unsafe('insert into notes values ($1)', [text]).execute();

    const failing = database.client.begin('nonsense', (on) =>
      Promise.all([insert(on, 'one'), insert(on, 'two')]),
    );

    await expect(failing).rejects.toMatchObject({ code: '42601' });
    await database.rows(note('after'));
    expect(await notes()).toEqual([{ text: 'after' }]);
  });

  test('what comes behind others on a busy connection begins after them', async () => {
    const [, id] = await Promise.all([
      database.rows(sql`select pg_sleep(${0.05}::float8)`),
      database.transaction(async (tx) => {
        await tx.rows(note('one'));
        const [row] = await tx.rows<{ assigned: boolean }>(
          sql`select pg_current_xact_id_if_assigned() is not null as assigned`,
        );
        return row;
      }),
      database.rows(note('other')),
    ]);

    expect(id).toEqual({ assigned: true });
    expect(await notes()).toEqual([{ text: 'one' }, { text: 'other' }]);
  });
});
