import { setTimeout as after } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import type { Feed } from '../../src/feed/feed.ts';
import { createLog, type Log } from '../../src/feed/log.ts';
import { openPostgresFeed } from '../../src/feed/postgres.ts';
import { trimLog } from '../../src/feed/trim.ts';
import { eraseCalls } from '../../src/operations/erase-call.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import { startCluster } from '../support/cluster.ts';
import { freshDatabase } from '../support/database.ts';
import { unexpected } from '../support/feed-engine.ts';
import { layOrganization } from '../support/organization.ts';
import { atLeast, changesIn, isCaughtUp, startReading } from '../support/reading.ts';
import { record, switchCall } from '../support/switch-call.ts';
import { openTcpProxy } from '../support/tcp-proxy.ts';

const open = (database: Database, bookmarkMs?: number): Promise<Feed> =>
  openPostgresFeed({ database, shared: false, bookmarkMs, onError: unexpected });

/** What a Postgres that has crashed may be in the midst of. */
const DURABLE = { fsync: 'on', synchronous_commit: 'on', wal_writer_delay: '10s' };

/** Some calls of an organization of its own; resolves with what they wrote. */
async function write(database: Database, count: number) {
  const { numbers } = await layOrganization(database);
  for (let n = 0; n < count; n += 1) await record(database, switchCall([numbers.front, '0722']));
}

/** More versions of the first call's first change, as others might have written them. */
const writeMany = (database: Database, count: number) =>
  database.rows(sql`
    insert into call_changes (organization_id, call_id, version, kind, occurred_at, state, extension_ids, owner_ids)
    select organization_id, call_id, 1000 + n, kind, occurred_at, state, extension_ids, owner_ids
    from (select * from call_changes order by xid, id limit 1) first, generate_series(1, ${count}::int) n`);

async function logged(database: Database) {
  const rows = await database.rows<{ entry: string }>(
    sql`select call_id || ' ' || version as entry from call_changes order by xid, id`,
  );
  return rows.map(({ entry }) => entry);
}

const eraseLast = (database: Database) =>
  database.transaction(async (tx) => {
    const [last] = await tx.rows<{ id: string }>(
      sql`select call_id as id from call_changes order by xid desc, id desc limit 1`,
    );
    await eraseCalls(tx, [last?.id ?? '']);
  });

/** A transaction that has a number and ends when it is told. */
async function openTransaction(database: Database) {
  const end = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const over = database.transaction(async (tx) => {
    await tx.rows(sql`select pg_current_xact_id()`);
    begun.resolve();
    await end.promise;
  });
  await begun.promise;
  return async () => {
    end.resolve();
    await over;
  };
}

test('a crash that takes back the numbers of transactions loses no change', async () => {
  await using cluster = await startCluster(DURABLE);
  await using database = openDatabase({ url: cluster.url, connections: 5 });
  await migrate(database);
  await using feed = await openPostgresFeed({ database, shared: false, onError: () => {} });
  const reading = startReading(feed);
  await reading.until(isCaughtUp);
  for (let n = 0; n < 40; n += 1) {
    const refused = database.transaction(async (tx) => {
      await tx.rows(sql`select pg_current_xact_id()`);
      throw new Error('refused');
    });
    await refused.catch(() => {});
  }
  await feed.head();
  await after(600);

  await cluster.restart();
  while (!(await database.rows(sql`select`).catch(() => null))) await after(50);
  await write(database, 5);
  feed.wake();
  await reading.until(atLeast(5, 'CHANGE'));

  expect(changesIn(reading.messages)).toEqual(await logged(database));
  await reading.stop();
});

test('what is above an open transaction is not trimmed, and comes when that has ended', async () => {
  await using database = await freshDatabase();
  await using feed = await open(database);
  const reading = startReading(feed);
  await reading.until(isCaughtUp);
  const end = await openTransaction(database);
  await write(database, 3);
  await database.rows(sql`update call_changes set occurred_at = now() - interval '2 hours'`);

  await trimLog(database, 1);
  await end();
  feed.wake();
  await reading.until(atLeast(3, 'CHANGE'));

  expect(changesIn(reading.messages)).toEqual(await logged(database));
  await reading.stop();
});

test('what is erased from the end of the log while a transaction stays open makes no gap', async () => {
  await using database = await freshDatabase();
  await using feed = await open(database, 150);
  await write(database, 2);
  const reading = startReading(feed);
  await reading.until(isCaughtUp);
  const end = await openTransaction(database);

  await eraseLast(database);
  feed.wake();
  await reading.until(atLeast(4, 'BOOKMARK'));
  await end();
  feed.wake();
  await reading.until(atLeast(1, 'CHANGE'));

  const types = new Set(reading.messages.map(({ type }) => type));
  expect(types).toEqual(new Set(['SNAPSHOT', 'BOOKMARK', 'CHANGE']));
  await reading.stop();
});

test('who knows of an erased entry that the process never saw hears from the feed all the same', async () => {
  await using database = await freshDatabase();
  const log = createLog(database);
  let gate = Promise.resolve();
  const gated: Log = { ...log, after: async (...from) => gate.then(() => log.after(...from)) };
  const options = { database, shared: false, bookmarkMs: 150, onError: unexpected };
  await using feed = await openPostgresFeed({ ...options, log: gated });
  const erased = Promise.withResolvers<void>();
  gate = erased.promise;
  await write(database, 2);
  const reading = startReading(feed);
  await reading.until(isCaughtUp);
  const end = await openTransaction(database);
  await eraseLast(database);

  erased.resolve();
  feed.wake();
  await reading.until(atLeast(4, 'BOOKMARK'));

  await end();
  await reading.until(atLeast(1, 'CHANGE'));
  expect(reading.messages.at(-1)).toMatchObject({ change: { kind: 'DELETED' } });
  await reading.stop();
});

test('while a transaction stays open, those who come hear from the feed, and nothing twice', async () => {
  await using database = await freshDatabase();
  await using feed = await open(database, 150);
  const end = await openTransaction(database);
  await write(database, 2);
  const reading = startReading(feed);

  await reading.until(atLeast(4, 'BOOKMARK'));
  await end();
  await write(database, 1);
  feed.wake();
  await reading.until(atLeast(1, 'CHANGE'));

  expect(reading.messages.filter(({ type }) => type === 'SNAPSHOT')).toHaveLength(2);
  expect(changesIn(reading.messages)).toEqual((await logged(database)).slice(2));
  await reading.stop();
});

test('who comes back to another process is told from memory, however many they are', async () => {
  let looks = 0;
  const onStatement = (text: string) => {
    if (text.includes('as blocked')) looks += 1;
  };
  await using database = await freshDatabase({ onStatement });
  await write(database, 1);
  await using before = await open(database);
  const position = await before.head();
  await writeMany(database, 3000);
  await using restarted = await open(database);
  looks = 0;

  const readings = Array.from({ length: 50 }, () => startReading(restarted, { after: position }));
  for (const reading of readings) await reading.until(atLeast(3000, 'CHANGE'));

  expect(looks).toBeLessThan(20);
  for (const reading of readings) await reading.stop();
});

test('who has much of others to pass is given bookmarks on the way', async () => {
  await using database = await freshDatabase();
  await write(database, 1);
  await using feed = await open(database, 1);
  const position = await feed.head();
  await writeMany(database, 20_000);
  await using other = await open(database, 1);
  const { id } = await layOrganization(database);

  const visibility = { organizationId: id, ownerId: null };
  const reading = startReading(other, { visibility, after: position });
  const messages = await reading.until(atLeast(10, 'BOOKMARK'));

  expect(new Set(messages.map((message) => message.position)).size).toBeGreaterThan(5);
  await reading.stop();
});

test('a connection that is dead without saying so holds nobody up for long', async () => {
  await using fresh = await freshDatabase();
  await using proxy = await openTcpProxy(Number(new URL(fresh.url).port));
  const url = new URL(fresh.url);
  url.port = String(proxy.port);
  await using database = openDatabase({ url: url.href, connections: 5 });
  const faults: unknown[] = [];
  await using feed = await openPostgresFeed({
    ...{ database, shared: false, onError: (error: unknown) => faults.push(error) },
  });
  const reading = startReading(feed);
  await reading.until(isCaughtUp);

  proxy.swallow();
  await write(fresh, 1);
  feed.wake();
  await reading.until(atLeast(1, 'CHANGE'));

  expect(changesIn(reading.messages)).toEqual(await logged(fresh));
  expect(faults).not.toEqual([]);
  await reading.stop();
});
