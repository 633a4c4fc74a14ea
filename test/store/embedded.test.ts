import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import type { Database } from '../../src/store/database.ts';
import { DirectoryInUse, joinEmbedded, openEmbedded } from '../../src/store/embedded.ts';
import { freshDirectory } from '../support/database.ts';

const CHILD = fileURLToPath(new URL('./embedded-child.ts', import.meta.url));

/** A process that owns the directory and has written 100 rows; killed -9 at the end at the latest. */
async function owner(directory: string): Promise<AsyncDisposable> {
  const child = spawn(process.execPath, [CHILD, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
  if (String(said) !== 'written\n') throw new Error(`The child said ${said}.`);
  return { [Symbol.asyncDispose]: () => kill(child) };
}

async function kill(child: ChildProcess) {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

const kept = async (database: Database) =>
  (await database.rows<{ count: number }>(sql`select count(*)::int as count from kept`))[0]?.count;

test('data survive a restart', async () => {
  await using directory = await freshDirectory();
  {
    await using database = await openEmbedded(directory.path);
    await database.rows(sql`create table kept as select generate_series(1, 7)`);
  }

  await using reopened = await openEmbedded(directory.path);

  expect(await kept(reopened)).toBe(7);
});

test('data survive a kill -9 of their process, and its lock is no obstacle', async () => {
  await using directory = await freshDirectory();
  await (await owner(directory.path))[Symbol.asyncDispose]();

  await using reopened = await openEmbedded(directory.path);

  expect(await kept(reopened)).toBe(100);
});

test('a second process on the same directory is told so and does no harm', async () => {
  await using directory = await freshDirectory();
  await using _owner = await owner(directory.path);

  const second = openEmbedded(directory.path);

  await expect(second).rejects.toThrow(DirectoryInUse);
  await expect(second).rejects.toThrow(directory.path);
  await using joined = await joinEmbedded(directory.path);
  expect(await kept(joined)).toBe(100);
});

test('a directory may have a longer path than a socket', async () => {
  await using directory = await freshDirectory();
  const path = join(directory.path, ...Array<string>(10).fill('a-rather-long-name-of-a-folder'));
  await using database = await openEmbedded(path);

  await using joined = await joinEmbedded(path);

  await database.rows(sql`create table kept as select 1`);
  expect(await kept(joined)).toBe(1);
});

test('transactions on several connections do not mix', async () => {
  await using directory = await freshDirectory();
  await using database = await openEmbedded(directory.path);
  await database.rows(sql`create table kept (n int)`);

  const work = Array.from({ length: 20 }, (_, n) =>
    database.transaction(async (tx) => {
      await tx.rows(sql`insert into kept values (${n}::int)`);
      await tx.rows(sql`select pg_sleep(0.001)`);
      if (n % 2) throw new Error('rolled back');
    }),
  );

  const settled = await Promise.allSettled(work);
  expect(settled.filter(({ status }) => status === 'rejected')).toHaveLength(10);
  expect(await kept(database)).toBe(10);
});
