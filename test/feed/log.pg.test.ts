import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { createLog } from '../../src/feed/log.ts';
import { openDatabase } from '../../src/store/database.ts';
import { freshDatabase } from '../support/database.ts';

const COUNT = 5000;

test('a look reads what is new of a long log, and nothing else', async () => {
  await using fresh = await freshDatabase();
  // One connection, so that what its statements have read is told to the one that asks for it.
  await using database = openDatabase({ url: fresh.url, connections: 1 });
  const log = createLog(database);
  await database.rows(sql`
    insert into call_changes (organization_id, call_id, version, kind, occurred_at, extension_ids, owner_ids)
    select gen_random_uuid(), gen_random_uuid(), 1, 'DELETED', now(), '{}', '{}' from generate_series(1, ${COUNT}::int)`);
  const position = await log.before(1);

  const look = await log.after(position);

  expect(look.entries).toHaveLength(1);
  await database.rows(sql`select pg_stat_force_next_flush()`);
  const [stat] = await database.rows<{ read: number }>(
    sql`select seq_tup_read::int as read from pg_stat_user_tables where relname = 'call_changes'`,
  );
  expect(stat?.read).toBe(0);
});
