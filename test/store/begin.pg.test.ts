import { sql } from 'drizzle-orm';
import type postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { isAway } from '../../src/store/away.ts';
import { type Database, openDatabase, type Transaction } from '../../src/store/database.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { openLongWay } from '../support/turns.ts';

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

    const settled = Promise.withResolvers<PromiseSettledResult<unknown>[]>();
    const failing = database.transaction(async (tx) => {
      const all = [
        tx.rows({ sql: 'insert into notes values ($1)', params: [unsendable] }),
        tx.rows(note('behind')),
      ];
      settled.resolve(await Promise.allSettled(all));
    });

    await expect(failing).rejects.toThrow('no text');
    expect((await settled.promise).map(({ status }) => status)).toEqual(Array(2).fill('rejected'));
    await database.rows(note('after'));
    expect(await notes()).toEqual([{ text: 'after' }]);
  });

  test('one without a statement sends none', async () => {
    await using another = openDatabase({ url: fresh.url, connections: 1 });
    const pids = () =>
      database.rows(sql`select pid from pg_stat_activity where application_name = 'tandem'`);
    const before = await pids();

    const result = await another.transaction(async () => 'nothing');

    expect(result).toBe('nothing');
    expect(await pids()).toEqual(before);
  });

  test.for([
    ['the first has parameters', () => note('late')],
    ['the first has none', () => sql`insert into notes values ('late')`],
  ] as const)(
    'work that fails while the pool is busy leaves nothing behind: %s',
    async ([, first]) => {
      const busy = database.transaction((tx) => tx.rows(sql`select pg_sleep(${0.05}::float8)`));
      const failing = database.transaction(async (tx) => {
        tx.send(first());
        throw new Error('changed my mind');
      });

      const outcomes = await Promise.allSettled([busy, failing]);

      expect(outcomes[1]).toMatchObject({ reason: new Error('changed my mind') });
      expect(await notes()).toEqual([]);
    },
  );

  test('what comes when it is over is refused', async () => {
    let kept: Transaction | undefined;
    await database.transaction(async (tx) => {
      kept = tx;
    });

    const late = kept?.rows(note('late'));

    await expect(late).rejects.toMatchObject({ code: 'TRANSACTION_OVER' });
    expect(await notes()).toEqual([]);
  });

  test('its options are its own', async () => {
    const failing = database.client.begin('read only', (on) =>
      on.unsafe('insert into notes values ($1)', ['one']).execute(),
    );

    await expect(failing).rejects.toMatchObject({ code: '25006' });
    expect(await notes()).toEqual([]);
  });

  test.for([
    ['one statement: it and the commit', 2, [1]],
    ['three: the first, those behind it and the commit', 3, [1, 2, 3]],
  ] as const)('statements that are sent together share a turn; %s', async ([, turns, numbers]) => {
    await using way = await openLongWay(Number(new URL(fresh.url).port));
    const url = Object.assign(new URL(fresh.url), { host: `127.0.0.1:${way.port}` }).href;
    await using far = openDatabase({ url, connections: 1 });
    const run = () =>
      far.transaction((tx) => Promise.all(numbers.map((n) => tx.rows(sql`select ${n}::int as n`))));
    // A statement is parsed and described by itself until it is known.
    for (let n = 0; n < 3; n += 1) await run();
    const before = way.turns();

    const given = await run();

    expect(given.flat()).toEqual(numbers.map((n) => ({ n })));
    expect(way.turns() - before).toBe(turns);
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
