import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import type { Feed } from '../../src/feed/feed.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { onNats } from '../support/nats-engine.ts';
import { layOrganization } from '../support/organization.ts';
import { atLeast, changesIn, isCaughtUp, startReading } from '../support/reading.ts';
import { type Relays, watchRelays } from '../support/relays.ts';
import { record, switchCall } from '../support/switch-call.ts';

const CHILD = fileURLToPath(new URL('./relay-child.ts', import.meta.url));
const CHANGES = 20;
const ROUNDS = 4;

onNats(({ database, nats, open, openOn }) => {
  /** A few calls of an organization of their own, and all that the log has of it. */
  async function lay() {
    const { id, numbers } = await layOrganization(database());
    return {
      visibility: { organizationId: id, ownerId: null },
      write: async (feed: Feed, count: number) => {
        for (let n = 0; n < count; n += 1) {
          await record(database(), switchCall([numbers.front, '0722']));
          feed.wake();
        }
      },
      logged: async () => {
        const rows = await database().rows<{ entry: string }>(sql`
          select call_id || ' ' || version as entry from call_changes
          where organization_id = ${id}::uuid order by xid, id`);
        return rows.map(({ entry }) => entry);
      },
    };
  }

  test('one process reads the log, and the others what it tells', async () => {
    const { visibility, write } = await lay();
    await using relays = await watchRelays(nats().url);
    await using relaying = await open();
    await relays.beat();
    let looks = 0;
    const onStatement = (text: string) => {
      if (text.includes('pg_snapshot_xmin')) looks += 1;
    };
    const { url } = database();
    await using pool = openDatabase({ url, connections: 2, onStatement });
    await using reading = await openOn({ ...pool, url });
    const reader = startReading(reading, { visibility });
    await reader.until(isCaughtUp);
    await untilQuiet(relays, () => looks);
    const before = looks;

    await write(relaying, CHANGES);
    await reader.until(atLeast(CHANGES, 'CHANGE'));

    expect(looks).toBe(before);
    await reader.stop();
  });

  test('when the process of the relay is killed, another takes over', async () => {
    const { visibility, write, logged } = await lay();
    await using relays = await watchRelays(nats().url);
    const child = spawn(process.execPath, [CHILD, database().url, nats().url], {
      stdio: 'inherit',
    });
    const first = await relays.beat();
    await using feed = await open();
    const reader = startReading(feed, { visibility });
    await reader.until(isCaughtUp);
    await write(feed, 1);

    child.kill('SIGKILL');
    await once(child, 'exit');
    await write(feed, 1);
    await relays.beat(first);
    await write(feed, 1);

    await reader.until(atLeast(3, 'CHANGE'));
    expect(changesIn(reader.messages)).toEqual(await logged());
    await reader.stop();
  });

  test('a relay that was overtaken stands again, and it is no fault', async () => {
    const { visibility, write, logged } = await lay();
    await using relays = await watchRelays(nats().url);
    const faults: unknown[] = [];
    await using feed = await open({ onError: (error) => faults.push(error) });
    const reader = startReading(feed, { visibility });
    await reader.until(isCaughtUp);
    const first = await relays.beat();

    await relays.overtake();
    await write(feed, CHANGES);
    // The first of these is the overtaker's own.
    await relays.beat(first);
    const second = await relays.beat(first);
    await reader.until(atLeast(CHANGES, 'CHANGE'));

    expect(second).not.toBe(first);
    expect(changesIn(reader.messages)).toEqual(await logged());
    expect(faults).toEqual([]);
    await reader.stop();
  });

  test('relays that lose their connections again and again never interleave', async () => {
    const { visibility, write, logged } = await lay();
    await using relays = await watchRelays(nats().url);
    await using stack = new AsyncDisposableStack();
    const feeds = [stack.use(await open()), stack.use(await open()), stack.use(await open())];
    const readers = feeds.map((feed) => startReading(feed, { visibility }));
    for (const reader of readers) await reader.until(isCaughtUp);
    const [writing] = feeds;
    if (!writing) throw new Error('There is no feed.');

    let writer = await relays.beat();
    for (let round = 0; round < ROUNDS; round += 1) {
      const writes = write(writing, CHANGES);
      await endRelay(database());
      await writes;
      writer = await relays.beat(writer);
    }
    for (const reader of readers) await reader.until(atLeast(ROUNDS * CHANGES, 'CHANGE'));

    const expected = await logged();
    for (const { messages } of readers) expect(changesIn(messages)).toEqual(expected);
    const runs = (await relays.stored())
      .map((stored) => stored.writer)
      .filter((one, index, all) => one !== all[index - 1]);
    expect(runs).toEqual([...new Set(runs)]);
    for (const reader of readers) await reader.stop();
  });
});

/** Waits until nothing has been counted from one beat to the next but one. */
async function untilQuiet(relays: Relays, count: () => number) {
  let before = -1;
  while (before !== count()) {
    before = count();
    await relays.beat();
    await relays.beat();
  }
}

/** Ends the connection of the one that has the lock; those who only try for it would have a fault to report. */
const endRelay = (database: Database) =>
  database.rows(sql`
    select pg_terminate_backend(pid) from pg_stat_activity join pg_locks using (pid)
    where application_name = 'tandem feed relay' and datname = current_database()
      and locktype = 'advisory' and granted`);
