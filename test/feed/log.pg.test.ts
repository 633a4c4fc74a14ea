import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { createLog, type Log } from '../../src/feed/log.ts';
import type { Position } from '../../src/feed/position.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { freshDatabase } from '../support/database.ts';

const COUNT = 5000;
const ORGANIZATION = '11111111-1111-4111-8111-111111111111';
const CALL_ID = '22222222-2222-4222-8222-222222222222';

/** Entries with versions from 1 on, each of a call of its own. */
const logDeletions = (database: Database, count: number) =>
  database.rows(sql`
    insert into call_changes (organization_id, call_id, version, kind, occurred_at, extension_ids, owner_ids)
    select gen_random_uuid(), gen_random_uuid(), n, 'DELETED', now(), '{}', '{}' from generate_series(1, ${count}::int) n`);

/** Looks until the end of the log, as a poller does; gives the versions that each look brought. */
async function readOn(log: Log, from: Position, most: number): Promise<number[][]> {
  const looks: number[][] = [];
  for (let at = from; looks.length < 10; ) {
    const { entries, head, end } = await log.after(at, most);
    looks.push(entries.map(({ message }) => message.change.version));
    if (head.id === end.id) return looks;
    at = head;
  }
  throw new Error('The looks do not come to an end.');
}

test('a look reads what is new of a long log, and nothing else', async () => {
  await using fresh = await freshDatabase();
  // One connection, so that what its statements have read is told to the one that asks for it.
  await using database = openDatabase({ url: fresh.url, connections: 1 });
  const log = createLog(database);
  await logDeletions(database, COUNT);
  const position = await log.before(1);

  const look = await log.after(position);

  expect(look.entries).toHaveLength(1);
  await database.rows(sql`select pg_stat_force_next_flush()`);
  const [stat] = await database.rows<{ read: number }>(
    sql`select seq_tup_read::int as read from pg_stat_user_tables where relname = 'call_changes'`,
  );
  expect(stat?.read).toBe(0);
});

test.each([
  [0, [0]],
  [4, [4]],
  [5, [5]],
  [6, [5, 1]],
  [10, [5, 5]],
  [11, [5, 5, 1]],
])('%i new entries come by looks of five, each once and in order: %j', async (count, sizes) => {
  await using fresh = await freshDatabase();
  await using database = openDatabase({ url: fresh.url, connections: 2 });
  const log = createLog(database);
  const start = await log.before(0);
  await logDeletions(database, count);

  const looks = await readOn(log, start, 5);

  expect(looks.map(({ length }) => length)).toEqual(sizes);
  expect(looks.flat()).toEqual(Array.from({ length: count }, (_, index) => index + 1));
});

test('a look gives each change as it was written, and what was pressed with it', async () => {
  await using fresh = await freshDatabase();
  await using database = openDatabase({ url: fresh.url, connections: 2 });
  const log = createLog(database);
  const start = await log.before(0);
  const name = 'a\nb\u001e"€😀';
  const dtmf = { digits: '*7#', sequence: '01', pressedAt: '2026-01-02T03:04:05.678+00:00' };
  await database.rows(sql`
    insert into call_changes
      (organization_id, call_id, version, kind, occurred_at, state, dtmf, extension_ids, owner_ids)
    select o, c, 3, 'DTMF', '2026-01-02T03:04:05.678Z', ${sql.param({ userData: { name } })}::json,
      ${sql.param(dtmf)}::jsonb, array[c, o], array[o]
    from (values (${ORGANIZATION}::uuid, ${CALL_ID}::uuid)) t (o, c)`);

  const { entries } = await log.after(start);

  expect(JSON.parse(JSON.stringify(entries.map(({ message }) => message.change)))).toEqual([
    {
      ...{ organizationId: ORGANIZATION, callId: CALL_ID, version: 3, kind: 'DTMF', dtmf },
      ...{ occurredAt: '2026-01-02T03:04:05.678+00:00', call: { userData: { name } } },
      ...{ extensionIds: [CALL_ID, ORGANIZATION], ownerIds: [ORGANIZATION] },
    },
  ]);
});
