import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { isAway } from '../../src/store/away.ts';
import { openDatabase } from '../../src/store/database.ts';
import { freshDatabase } from '../support/database.ts';
import { openTcpProxy } from '../support/tcp-proxy.ts';

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

test('a connection that is reset in a transaction serves again', async () => {
  await using fresh = await freshDatabase();
  const url = new URL(fresh.url);
  await using proxy = await openTcpProxy(Number(url.port));
  url.port = `${proxy.port}`;
  await using database = openDatabase({ url: url.href, connections: 1 });
  const cutOff = database.transaction(async (tx) => {
    setTimeout(proxy.reset, 100);
    await tx.rows(sql`select pg_sleep(5)`);
  });
  await expect(cutOff).rejects.toSatisfy(isAway);

  // The first reconnects, the second is asked on what came of it.
  const answers = [
    await database.rows(sql`select 1 as answer`),
    await database.rows(sql`select 2 as answer`),
  ];

  expect(answers).toEqual([[{ answer: 1 }], [{ answer: 2 }]]);
});

test('Postgres compiles nothing for a server, however much it thinks there is to read', async () => {
  await using fresh = await freshDatabase();
  await using database = openDatabase({ url: fresh.url, connections: 1, serves: true });

  const plan = await database.rows<Record<string, string>>(
    sql`explain select sum(a.n * b.n) from generate_series(1, 1000000) a(n), generate_series(1, 1000000) b(n)`,
  );

  expect(plan.flatMap(Object.values).join('\n')).toMatch(/^Aggregate(?!.*JIT)/s);
});

test('a connection that was lost can be had for oneself again', async () => {
  await using fresh = await freshDatabase();
  const url = new URL(fresh.url);
  await using proxy = await openTcpProxy(Number(url.port));
  url.port = `${proxy.port}`;
  await using database = openDatabase({ url: url.href, connections: 1 });
  setTimeout(proxy.reset, 100);
  await expect(database.rows(sql`select pg_sleep(5)`)).rejects.toSatisfy(isAway);

  const own = await database.client.reserve();

  expect(await own`select 1 as answer`).toEqual([{ answer: 1 }]);
  own.release();
  expect(await database.rows(sql`select 2 as answer`)).toEqual([{ answer: 2 }]);
});

test('a statement that fails after some of its rows leaves nothing of them to the next', async () => {
  await using fresh = await freshDatabase();
  await using database = openDatabase({ url: fresh.url, connections: 1 });
  const failing = database.rows(sql`select 1 / (3 - n) from generate_series(1, 5) n`);
  await expect(failing).rejects.toThrow();

  const rows = await database.rows(sql`select 'own' as row`);

  expect(rows).toEqual([{ row: 'own' }]);
});

test('a transaction of a process that says nothing more does not keep its locks', async () => {
  await using fresh = await freshDatabase();
  await using frozen = openDatabase({ url: fresh.url, connections: 1, serves: true });
  await using other = openDatabase({ url: fresh.url, connections: 1 });
  const [locked, thawed] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const holding = frozen
    .transaction(async (tx) => {
      await tx.rows(sql`select pg_advisory_xact_lock(1)`);
      locked.resolve();
      await thawed.promise;
    })
    .catch((error: unknown) => error);
  await locked.promise;

  const rows = await other.rows(sql`select 1 as mine from pg_advisory_xact_lock(1)`);

  expect(rows).toEqual([{ mine: 1 }]);
  thawed.resolve();
  expect(await holding).toSatisfy(isAway);
});

test('what a transaction sends without waiting is done in order, and committed with the rest', async () => {
  await using fresh = await freshDatabase();
  await using database = openDatabase({ url: fresh.url, connections: 2 });
  await database.rows(sql`create table notes (text text unique)`);

  const seen = await database.transaction(async (tx) => {
    tx.send(sql`insert into notes values ('first')`);
    const rows = await tx.rows(sql`select * from notes`);
    tx.send(sql`insert into notes values ('second')`);
    tx.last(sql`insert into notes values ('last')`);
    return rows;
  });

  expect(seen).toEqual([{ text: 'first' }]);
  const left = await database.rows<{ text: string }>(sql`select * from notes`);
  expect(left.map(({ text }) => text)).toEqual(['first', 'second', 'last']);
});

test.for(['the last statement', 'a statement that is waited for', 'nothing'])(
  'a transaction says itself which statement it sent has failed, though %s comes behind it',
  async (behind) => {
    await using fresh = await freshDatabase();
    await using database = openDatabase({ url: fresh.url, connections: 1 });
    await database.rows(sql`create table notes (text text unique)`);

    const failing = database.transaction(async (tx) => {
      await tx.rows(sql`insert into notes values ('same')`);
      tx.send(sql`insert into notes values ('same')`);
      if (behind === 'the last statement') tx.last(sql`insert into notes values ('last')`);
      if (behind === 'a statement that is waited for') await tx.rows(sql`select 1`);
    });

    await expect(failing).rejects.toMatchObject({ code: '23505' });
    expect(await database.rows(sql`select * from notes`)).toEqual([]);
  },
);

test('a transaction says which statement failed first, whether it was sent or waited for', async () => {
  await using database = await freshDatabase();

  const failing = database.transaction(async (tx) => {
    const failed = tx.rows(sql`select * from nowhere where 1 = ${1}::int`);
    tx.send(sql`select ${2}::int`);
    await failed;
  });

  await expect(failing).rejects.toMatchObject({ code: '42P01' });
});

test('nothing is committed beside a statement that cannot be built', async () => {
  await using database = await freshDatabase();
  await database.rows(sql`create table notes (text text)`);

  const failing = database.transaction(async (tx) => {
    await tx.rows(sql`insert into notes values (${'beside'})`);
    tx.send(sql`select ${sql.placeholder('nobody fills this')}::int`);
    tx.send({
      sql: 'select 1',
      get params(): never {
        throw new Error('not built');
      },
    });
  });

  await expect(failing).rejects.toThrow();
  expect(await database.rows(sql`select * from notes`)).toEqual([]);
});

test('the last statement of a transaction is committed with what came before it', async () => {
  await using fresh = await freshDatabase();
  await using database = openDatabase({ url: fresh.url, connections: 2 });
  await database.rows(sql`create table notes (text text unique)`);

  const result = await database.transaction(async (tx) => {
    await tx.rows(sql`insert into notes values ('first')`);
    tx.last(sql`insert into notes values ('last')`);
    return 'done';
  });

  expect(result).toBe('done');
  expect(await database.rows(sql`select * from notes`)).toEqual([
    { text: 'first' },
    { text: 'last' },
  ]);
});

test('a transaction whose last statement fails is none, and says why', async () => {
  await using fresh = await freshDatabase();
  await using database = openDatabase({ url: fresh.url, connections: 2 });
  await database.rows(sql`create table notes (text text unique)`);

  const failing = database.transaction(async (tx) => {
    await tx.rows(sql`insert into notes values ('same')`);
    tx.last(sql`insert into notes values ('same')`);
    return 'done';
  });

  await expect(failing).rejects.toMatchObject({ code: '23505' });
  expect(await database.rows(sql`select * from notes`)).toEqual([]);
});

test('a last statement that Postgres has forgotten is not sent again behind the rollback', async () => {
  await using fresh = await freshDatabase();
  await using database = openDatabase({ url: fresh.url, connections: 1 });
  await database.rows(sql`create table notes (text text unique)`);
  const note = (text: string) => sql`insert into notes values (${text})`;
  for (const text of ['one', 'two']) await database.rows(note(text));
  const [prepared] = await database.rows<{ name: string }>(
    sql`select name from pg_prepared_statements where statement like ${'insert into notes%'}`,
  );

  const failing = database.transaction(async (tx) => {
    await tx.rows(sql`insert into notes values ('first')`);
    await tx.rows(sql.raw(`deallocate "${prepared?.name}"`));
    tx.last(note('last'));
  });

  await expect(failing).rejects.toMatchObject({ code: '26000' });
  await database.rows(note('after'));
  const left = await database.rows(sql`select * from notes order by text`);
  expect(left).toEqual([{ text: 'after' }, { text: 'one' }, { text: 'two' }]);
});

test('nothing comes behind the last statement of a transaction', async () => {
  await using fresh = await freshDatabase();
  await using database = openDatabase({ url: fresh.url, connections: 1 });
  await database.rows(sql`create table notes (text text unique)`);

  const failing = database.transaction(async (tx) => {
    tx.last(sql`insert into notes values ('last')`);
    await tx.rows(sql`insert into notes values ('later')`);
  });

  await expect(failing).rejects.toThrow('last statement');
  expect(await database.rows(sql`select * from notes`)).toEqual([]);
});

test('a traced last statement is sent before the commit, too', async () => {
  await using fresh = await freshDatabase();
  await using database = openDatabase({
    ...{ url: fresh.url, connections: 1 },
    around: (_, work) => work(),
  });
  await database.rows(sql`create table notes (text text unique)`);

  await database.transaction(async (tx) => tx.last(sql`insert into notes values ('traced')`));

  expect(await database.rows(sql`select * from notes`)).toEqual([{ text: 'traced' }]);
});
