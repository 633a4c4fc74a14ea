import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';

const TEXT = 'select pg_backend_pid() as pid, 12 / $1::int as part';
const SLEEP = 'select pg_sleep($1::float8)';

let fresh: FreshDatabase;
let database: Database;

beforeEach(async () => {
  fresh = await freshDatabase();
  database = openDatabase({ url: fresh.url, connections: 3 });
});
afterEach(async () => {
  await database[Symbol.asyncDispose]();
  await fresh[Symbol.asyncDispose]();
});

type Row = Readonly<Record<'pid' | 'part', number>>;

const ask = (isSmall: boolean, divisor?: number, on = database) =>
  on.rows<Row>({ sql: TEXT, params: [divisor], isSmall });
const sleep = (seconds: number) => database.rows({ sql: SLEEP, params: [seconds] });

/** Has all three connections opened, and both texts prepared on each. */
async function warm() {
  for (let times = 0; times < 3; times += 1) {
    await Promise.all([1, 2, 3].map(() => ask(false, 1)));
    await Promise.all([1, 2, 3].map(() => sleep(0.01)));
  }
}

const rowsOf = (answers: readonly PromiseSettledResult<Row[]>[]) =>
  answers.map((answer) => (answer.status === 'fulfilled' ? answer.value[0] : null));

test.each([
  ['fails', 0],
  ['cannot be sent', undefined],
])(
  'small statements of one turn go out on one connection, and one that %s leaves the others',
  async (_, divisor) => {
    await warm();

    const answers = await Promise.allSettled([ask(true, 1), ask(true, divisor), ask(true, 2)]);

    const [first, second, third] = rowsOf(answers);
    expect(first).toEqual({ pid: expect.any(Number), part: 12 });
    expect(second).toBeNull();
    expect(third).toEqual({ pid: first?.pid, part: 6 });
  },
);

test('statements that may take long have a connection each', async () => {
  await warm();

  const answers = await Promise.all([ask(false, 1), ask(false, 2), ask(false, 3)]);

  expect(new Set(answers.map(([row]) => row?.pid)).size).toBe(3);
});

test('a small statement waits for none that may take long while there are connections', async () => {
  await warm();
  // By turns, so that the one that takes long comes to the connection on which the last small one was.
  await ask(true, 1);
  for (const seconds of [0, 0]) await sleep(seconds);
  const done: string[] = [];

  await Promise.all([
    sleep(0.3).then(() => done.push('long')),
    ask(true, 1).then(() => done.push('small')),
  ]);

  expect(done).toEqual(['small', 'long']);
});

test('a small statement that takes long after all keeps no later one waiting', async () => {
  await warm();
  const done: string[] = [];
  const long = database.rows({ sql: SLEEP, params: [0.5], isSmall: true });
  const over = long.then(() => done.push('long'));
  await wait(20);

  await ask(true, 1).then(() => done.push('later'));
  await over;

  expect(done).toEqual(['later', 'long']);
});

test('nobody gets the answer of another one when a statement has to be prepared again', async () => {
  await using one = openDatabase({ url: fresh.url, connections: 1 });
  const other = (value: number) =>
    one.rows<{ other: number }>({
      ...{ sql: 'select $1::int as other', params: [value], isSmall: true },
    });
  const named = sql`select name from pg_prepared_statements where statement = ${TEXT}`;
  const wrong: object[] = [];
  for (let round = 0; round < 20; round += 1) {
    for (let times = 0; times < 2; times += 1) await Promise.all([ask(true, 1, one), other(0)]);
    const [prepared] = await one.rows<{ name: string }>(named);
    await one.rows(sql.raw(`deallocate "${prepared?.name}"`));

    const [again, [part]] = await Promise.all([other(1).then(() => other(3)), ask(true, 2, one)]);

    if (again[0]?.other !== 3 || part?.part !== 6) wrong.push({ again, part });
  }

  expect(wrong).toEqual([]);
});

test('what is sent again has the values that were given', async () => {
  await using one = openDatabase({ url: fresh.url, connections: 1 });
  const text = 'select $1::boolean as yes, $2::jsonb as json';
  const read = () => one.rows({ sql: text, params: [true, { a: [1] }] });
  for (let times = 0; times < 3; times += 1) await read();
  const [prepared] = await one.rows<{ name: string }>(
    sql`select name from pg_prepared_statements where statement = ${text}`,
  );
  await one.rows(sql.raw(`deallocate "${prepared?.name}"`));

  const rows = await read();

  expect([...rows]).toEqual([{ yes: true, json: { a: [1] } }]);
});

test('what has to be sent again is not sent within the transaction of another', async () => {
  await using one = openDatabase({ url: fresh.url, connections: 1 });
  await one.rows(sql`create temporary table kept (number int)`);
  const text = 'insert into kept values ($1)';
  const keep = (number: number) => one.rows({ sql: text, params: [number] });
  for (const number of [1, 2, 3]) await keep(number);
  const [prepared] = await one.rows<{ name: string }>(
    sql`select name from pg_prepared_statements where statement = ${text}`,
  );
  await one.rows(sql.raw(`deallocate "${prepared?.name}"`));

  const again = keep(4);
  const rolledBack = one.transaction(async (tx) => {
    await tx.rows(sql`select 1`);
    throw new Error('rolled back');
  });
  await expect(rolledBack).rejects.toThrow('rolled back');
  await again;

  expect(await one.rows(sql`select from kept`)).toHaveLength(4);
});

test('several that have to be prepared again get each their own answer', async () => {
  await using one = openDatabase({ url: fresh.url, connections: 1 });
  const named = sql`select name from pg_prepared_statements where statement = ${TEXT}`;
  const parts: unknown[] = [];
  for (let round = 0; round < 10; round += 1) {
    for (let times = 0; times < 2; times += 1)
      await Promise.all([1, 2].map((n) => ask(true, n, one)));
    const [prepared] = await one.rows<{ name: string }>(named);
    await one.rows(sql.raw(`deallocate "${prepared?.name}"`));

    const answers = await Promise.all([1, 2, 3, 4].map((n) => ask(true, n, one)));

    parts.push(answers.map(([row]) => row?.part));
  }

  expect(parts).toEqual(parts.map(() => [12, 6, 4, 3]));
});
