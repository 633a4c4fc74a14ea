import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { watchBackground } from '../../src/cli/watch-background.ts';
import { createLogger } from '../../src/observe/log.ts';
import { openDatabase } from '../../src/store/database.ts';
import { freshDatabase } from '../support/database.ts';
import type { LogLine } from '../support/log.ts';
import { openTcpProxy } from '../support/tcp-proxy.ts';

test('a database that is away is told once, and once that it is back; other failures by their task', async () => {
  await using fresh = await freshDatabase();
  const url = new URL(fresh.url);
  await using proxy = await openTcpProxy(Number(url.port));
  url.port = `${proxy.port}`;
  await using database = openDatabase({ url: url.href, connections: 2 });
  const lines: LogLine[] = [];
  const log = createLogger('info', { write: (line) => lines.push(JSON.parse(line)) });
  using background = watchBackground(database, log);
  await proxy.cut();

  for (const task of ['feed', 'webhooks', 'feed']) {
    await database.rows(sql`select 1`).catch(background.failuresOf(task));
  }
  background.failuresOf('upkeep')(new Error('Something else.'));
  await proxy.mend();

  await expect.poll(() => lines, { timeout: 10_000 }).toHaveLength(3);
  expect(lines).toMatchObject([
    { msg: expect.stringContaining('away'), code: 'ECONNREFUSED' },
    { task: 'upkeep', err: { message: 'Something else.' } },
    { msg: 'the database is back' },
  ]);
});

test.each([
  ['statement_timeout', '57014'],
  ['lock_timeout', '55P03'],
])('a task that ran into a %s is named: the database is there', async (limit, code) => {
  await using fresh = await freshDatabase();
  await using database = openDatabase({ url: fresh.url, connections: 2 });
  const lines: LogLine[] = [];
  const log = createLogger('info', { write: (line) => lines.push(JSON.parse(line)) });
  using background = watchBackground(database, log);
  const lock = sql`lock table calls`;
  const slow = database.transaction(async (tx) => {
    await tx.rows(lock);
    await database.transaction(async (late) => {
      await late.rows(sql`set local ${sql.identifier(limit)} = 50`);
      await late.rows(lock);
    });
  });

  await slow.catch(background.failuresOf('erasures'));

  expect(lines).toMatchObject([{ task: 'erasures', err: { code } }]);
});

test('what loses its connection because Tandem ends is no database that is away', async () => {
  await using fresh = await freshDatabase();
  const database = openDatabase({ url: fresh.url, connections: 2 });
  const lines: LogLine[] = [];
  const log = createLogger('info', { write: (line) => lines.push(JSON.parse(line)) });
  const background = watchBackground(database, log);
  background[Symbol.dispose]();
  await database[Symbol.asyncDispose]();

  await database.rows(sql`select 1`).catch(background.failuresOf('upkeep'));

  expect(lines).toEqual([]);
});
