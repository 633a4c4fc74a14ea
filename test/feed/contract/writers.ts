import { sql } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import type { Feed, FeedMessage } from '../../../src/feed/feed.ts';
import { logChange } from '../../../src/operations/log-change.ts';
import type { Database } from '../../../src/store/database.ts';
import type { FeedEngine } from '../../support/feed-engine.ts';
import { layOrganization, type TestOrganization } from '../../support/organization.ts';
import { changesIn, isCaughtUp, startReading } from '../../support/reading.ts';
import { LAB, record, switchCall } from '../../support/switch-call.ts';

const WRITERS = 8;
const TRANSACTIONS = 12;
const CALLS = 4;

/** A feed, and calls for each writer. */
async function lay(database: Database, open: FeedEngine['open']) {
  const organization = await layOrganization(database);
  const feed = await open();
  const calls = Array.from({ length: WRITERS * CALLS }, () =>
    switchCall([organization.numbers.front, '0722000111']),
  );
  for (const call of calls) await record(database, call);
  const rows = await database.rows<{ id: string }>(sql`
    select id from calls where connector = ${LAB.connector} and organization_id = ${organization.id}::uuid`);
  return { organization, feed, ids: rows.map(({ id }) => id) };
}

/** Changes its own calls, several in one transaction, each of which takes its own time to commit. */
async function write(database: Database, feed: Feed, ids: readonly string[]) {
  for (let done = 0; done < TRANSACTIONS; done += 1) {
    const chosen = ids.filter(() => Math.random() < 0.6);
    await database.transaction(async (tx) => {
      for (const id of chosen) {
        await logChange(tx, id, Math.random() < 0.5 ? ['STATE'] : ['STATE', 'PARTICIPANTS']);
        await tx.rows(sql`select pg_sleep(${Math.random() * 0.01}::float)`);
      }
    });
    feed.wake();
  }
}

const writeAll = (database: Database, feed: Feed, ids: readonly string[]) =>
  Promise.all(
    Array.from({ length: WRITERS }, (_, index) =>
      write(database, feed, ids.slice(index * CALLS, (index + 1) * CALLS)),
    ),
  );

/** The log in its order, as SQL has it. */
async function logged(database: Database, { id }: TestOrganization) {
  const rows = await database.rows<{ entry: string }>(sql`
    select call_id || ' ' || version as entry from call_changes
    where organization_id = ${id}::uuid order by xid, id`);
  return rows.map(({ entry }) => entry);
}

/** Reads a few messages, leaves, and comes back with the last position, until the last of all. */
async function readInPieces(feed: Feed, organizationId: string, after: string, last: string) {
  const got: FeedMessage[] = [];
  const signal = AbortSignal.timeout(20_000);
  while (!signal.aborted) {
    const position = got.at(-1)?.position ?? after;
    let left = 1 + Math.floor(Math.random() * 20);
    const visibility = { organizationId, ownerId: null };
    for await (const message of feed.read({ visibility, after: position, signal })) {
      got.push(message);
      left -= 1;
      if (message.type === 'CHANGE' && message.change.callId === last) return got;
      if (left === 0) break;
    }
  }
  throw new Error(`The last change did not come; ${got.length} did.`);
}

/** The versions of each call in the order in which they were told, the snapshot's first. */
function versionsOf(messages: readonly FeedMessage[]) {
  const told = new Map<string, number[]>();
  for (const message of messages) {
    const call =
      message.type === 'SNAPSHOT'
        ? message.call
        : message.type === 'CHANGE' && { id: message.change.callId, ...message.change };
    if (call) told.set(call.id, [...(told.get(call.id) ?? []), call.version]);
  }
  return told;
}

/** From the first version of each call that was told. */
function expectEachVersionOnce(messages: readonly FeedMessage[]) {
  for (const versions of versionsOf(messages).values()) {
    const first = versions[0] ?? 0;
    expect(versions).toEqual(versions.map((_version, index) => first + index));
  }
}

/** What becomes of many that write at once. */
export function writers({ database, open }: FeedEngine): void {
  describe('writers', () => {
    test('with eight writers, a reader that comes and goes gets the log as it is', async () => {
      const { organization, feed, ids } = await lay(database(), open);
      await using _ = feed;
      const after = await feed.head();
      const before = (await logged(database(), organization)).length;
      const [last = ''] = ids.splice(0, 1);

      const reading = readInPieces(feed, organization.id, after, last);
      await writeAll(database(), feed, ids);
      await database().transaction((tx) => logChange(tx, last, ['STATE']));
      feed.wake();
      const got = await reading;

      const expected = (await logged(database(), organization)).slice(before);
      expect(changesIn(got)).toEqual(expected);
    });

    test('a snapshot in the midst of writing continues without loss and without doubles', async () => {
      const { organization, feed, ids } = await lay(database(), open);
      await using _ = feed;
      const visibility = { organizationId: organization.id, ownerId: null };

      const writing = writeAll(database(), feed, ids);
      const readings = Array.from({ length: 5 }, () => startReading(feed, { visibility }));
      for (const reading of readings) await reading.until(isCaughtUp);
      await writing;
      const rows = await database().rows<{ id: string; version: number }>(
        sql`select id, version from calls where organization_id = ${organization.id}::uuid`,
      );
      const isCurrent = (messages: readonly FeedMessage[]) =>
        rows.every(({ id, version }) => versionsOf(messages).get(id)?.at(-1) === version);
      for (const reading of readings) await reading.until(isCurrent);

      for (const { messages } of readings) expectEachVersionOnce(messages);
      for (const reading of readings) await reading.stop();
    });
  });
}
