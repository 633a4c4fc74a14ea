import { sql } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import type { Feed, FeedMessage } from '../../../src/feed/feed.ts';
import { EVERYTHING } from '../../../src/model/visibility.ts';
import { type FreshDatabase, freshDatabase } from '../../support/database.ts';
import { layOrganization } from '../../support/organization.ts';
import { atLeast, changesIn, isCaughtUp, startReading } from '../../support/reading.ts';
import { record, switchCall } from '../../support/switch-call.ts';

/** More than the tail keeps in memory. */
const MANY = 8000;
const READERS = 100;
const CHANGES = 20;

/** Readers that are slow, and many. */
export function readers(openOn: (database: FreshDatabase) => Promise<Feed>): void {
  describe('readers', () => {
    test('a slow reader beyond what is kept in memory is fed from the log', async () => {
      await using database = await freshDatabase();
      const { numbers } = await layOrganization(database);
      await using feed = await openOn(database);
      const after = await feed.head();
      await record(database, switchCall([numbers.front, '0722']));
      const slow = feed.read({
        visibility: EVERYTHING,
        after,
        signal: AbortSignal.timeout(20_000),
      });
      const got = [(await slow.next()).value as FeedMessage];
      const quick = startReading(feed);
      await quick.until(isCaughtUp);

      for (let version = 2; version <= MANY; version += 500) {
        await database.rows(sql`
      insert into call_changes (organization_id, call_id, version, kind, occurred_at, state, extension_ids, owner_ids)
      select organization_id, call_id, n, kind, occurred_at, state, extension_ids, owner_ids
      from call_changes, generate_series(${version}::int, ${version + 499}::int) n where version = 1`);
        feed.wake();
      }
      await quick.until(atLeast(MANY, 'CHANGE'));
      await quick.stop();
      for await (const message of slow) {
        got.push(message);
        if (message.type === 'CHANGE' && message.change.version > MANY) break;
      }

      const rows = await database.rows<{ entry: string }>(
        sql`select call_id || ' ' || version as entry from call_changes order by xid, id`,
      );
      expect(changesIn(got)).toEqual(rows.map(({ entry }) => entry));
    });

    test('the number of statements does not grow with the number of readers', async () => {
      let statements = 0;
      await using database = await freshDatabase({
        onStatement: (text) => {
          if (text.includes('pg_snapshot_xmin')) statements += 1;
        },
      });
      const { numbers } = await layOrganization(database);
      await using feed = await openOn(database);
      const readings = Array.from({ length: READERS }, () => startReading(feed));
      for (const reading of readings) await reading.until(isCaughtUp);
      const write = async (count: number) => {
        await record(database, switchCall([numbers.front, '0722']));
        feed.wake();
        for (const reading of readings) await reading.until(atLeast(count, 'CHANGE'));
      };
      await write(1);
      statements = 0;

      for (let count = 2; count <= CHANGES + 1; count += 1) await write(count);

      expect(statements).toBeLessThan(CHANGES * 10);
      for (const reading of readings) await reading.stop();
    });
  });
}
