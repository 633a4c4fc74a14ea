import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Feed } from '../../src/feed/feed.ts';
import { openNatsFeed } from '../../src/feed/nats.ts';
import { openPostgresFeed } from '../../src/feed/postgres.ts';
import { eraseCalls } from '../../src/operations/erase-call.ts';
import { eraseDtmf, lockCall, logChange } from '../../src/operations/log-change.ts';
import { logErasure } from '../../src/operations/log-erasure.ts';
import { freePort } from '../support/cluster.ts';
import { onNats } from '../support/nats-engine.ts';
import { layOrganization, type TestOrganization } from '../support/organization.ts';
import { atLeast, changesIn, isCaughtUp, type Reading, startReading } from '../support/reading.ts';
import { type Relays, watchRelays } from '../support/relays.ts';
import { record, switchCall } from '../support/switch-call.ts';

const CHANGES = 20;

onNats(({ database, nats, open }) => {
  let organization: TestOrganization;
  let relays: Relays;
  let feeds: Feed[];
  let readings: Reading[];
  let faults: string[];

  const onError = (error: unknown) => {
    faults.push(String(error));
  };
  const read = async (feed: Feed) => {
    const visibility = { organizationId: organization.id, ownerId: null };
    const reading = startReading(feed, { visibility });
    readings.push(reading);
    await reading.until(isCaughtUp);
    return reading;
  };
  const write = async (feed: Feed, count: number, userData = {}) => {
    for (let n = 0; n < count; n += 1) {
      await record(database(), switchCall([organization.numbers.front, '0722'], { userData }));
      feed.wake();
    }
  };
  const logged = async () => {
    const rows = await database().rows<{ entry: string; id: string }>(sql`
      select call_id || ' ' || version as entry, call_id as id from call_changes
      where organization_id = ${organization.id}::uuid order by xid, id`);
    return { entries: rows.map(({ entry }) => entry), callId: rows[0]?.id ?? '' };
  };
  const holds = async (text: string) =>
    (await relays.stored()).some((stored) => stored.text.includes(text));

  beforeEach(async () => {
    organization = await layOrganization(database());
    relays = await watchRelays(nats().url);
    [faults, readings] = [[], []];
    feeds = [await open({ onError }), await open({ onError })];
    await relays.beat();
  });
  afterEach(async () => {
    for (const reading of readings) await reading.stop();
    for (const feed of feeds) await feed[Symbol.asyncDispose]();
    await relays[Symbol.asyncDispose]();
  });

  test('with NATS gone nothing is lost, and with NATS back empty nothing is doubled', async () => {
    const [one, two] = [feeds[0] ?? expect.fail(), feeds[1] ?? expect.fail()];
    const readers = [await read(one), await read(two)];
    await write(one, CHANGES);

    await nats().kill();
    await write(two, CHANGES);
    for (const reader of readers) await reader.until(atLeast(2 * CHANGES, 'CHANGE'));
    const writing = write(one, CHANGES);
    await nats().restart();
    await writing;
    await relays.beat();
    await write(two, CHANGES);
    for (const reader of readers) await reader.until(atLeast(4 * CHANGES, 'CHANGE'));

    const { entries } = await logged();
    for (const { messages } of readers) expect(changesIn(messages)).toEqual(entries);
    expect(one.trouble() ?? two.trouble()).toBeNull();
    expect(faults).toEqual([]);
  });

  test('while NATS stands still nothing is lost, and nothing is doubled when it goes on', async () => {
    const [one, two] = [feeds[0] ?? expect.fail(), feeds[1] ?? expect.fail()];
    const readers = [await read(one), await read(two)];
    await write(one, CHANGES);

    nats().freeze();
    await write(two, CHANGES);
    for (const reader of readers) await reader.until(atLeast(2 * CHANGES, 'CHANGE'));
    nats().thaw();
    await write(one, CHANGES);
    await relays.beat();
    await write(two, CHANGES);
    for (const reader of readers) await reader.until(atLeast(4 * CHANGES, 'CHANGE'));

    const { entries } = await logged();
    for (const { messages } of readers) expect(changesIn(messages)).toEqual(entries);
  });

  test('what is deleted is gone from the stream, too', async () => {
    const [feed = expect.fail()] = feeds;
    const reader = await read(feed);
    await write(feed, 1, { note: 'secret-of-call' });
    await reader.until(atLeast(1, 'CHANGE'));
    await expect.poll(() => holds('secret-of-call')).toBe(true);

    const { callId } = await logged();
    await database().transaction((tx) => eraseCalls(tx, [callId]));
    feed.wake();
    await reader.until(atLeast(2, 'CHANGE'));
    await relays.beat();

    expect(await holds('secret-of-call')).toBe(false);
    expect(await holds(callId)).toBe(true);
  });

  test('erased user data is gone from the stream, too', async () => {
    const [feed = expect.fail()] = feeds;
    const reader = await read(feed);
    await write(feed, 1, { note: 'secret-of-data' });
    await reader.until(atLeast(1, 'CHANGE'));
    await expect.poll(() => holds('secret-of-data')).toBe(true);

    const { callId } = await logged();
    await database().transaction(async (tx) => {
      await lockCall(tx, callId);
      logErasure(tx, callId, {});
    });
    feed.wake();
    await reader.until(atLeast(2, 'CHANGE'));
    await relays.beat();

    expect(await holds('secret-of-data')).toBe(false);
  });

  test('what was pressed and erased is gone from the stream, too', async () => {
    const [feed = expect.fail()] = feeds;
    const reader = await read(feed);
    await write(feed, 1);
    const { callId } = await logged();
    const pressed = { digits: '8675309', sequence: '00', pressedAt: '2026-01-01T00:00:00.000Z' };
    await database().transaction((tx) => logChange(tx, callId, ['DTMF'], pressed));
    feed.wake();
    await reader.until(atLeast(2, 'CHANGE'));
    await expect.poll(() => holds('8675309')).toBe(true);

    await database().transaction((tx) => eraseDtmf(tx, callId));
    feed.wake();
    await reader.until(atLeast(3, 'CHANGE'));
    await relays.beat();

    expect(await holds('8675309')).toBe(false);
  });

  test('a change that is too large for NATS comes in its place', async () => {
    const [feed = expect.fail()] = feeds;
    const reader = await read(feed);

    await write(feed, 1);
    await write(feed, 1, { note: 'large'.repeat(400_000) });
    await write(feed, 1);
    await reader.until(atLeast(3, 'CHANGE'));

    expect(changesIn(reader.messages)).toEqual((await logged()).entries);
    expect(faults).toEqual([]);
  });

  test('a reader goes from one engine to the other and back with its position', async () => {
    const [feed = expect.fail()] = feeds;
    await using polling = await openPostgresFeed({ database: database(), shared: false, onError });
    const visibility = { organizationId: organization.id, ownerId: null };
    const got: string[] = [];
    let after = await feed.head();

    for (const engine of [feed, polling, feed, polling]) {
      await write(feed, 1);
      const reading = startReading(engine, { visibility, after });
      await write(feed, 1);
      const messages = await reading.until(atLeast(2, 'CHANGE'));
      await reading.stop();
      after = messages.at(-1)?.position ?? '';
      got.push(...changesIn(messages));
    }

    expect(got).toEqual((await logged()).entries);
    expect(faults).toEqual([]);
  });

  test('where there is no NATS the log is read, and that is said', async () => {
    const alone = await openNatsFeed({
      ...{ database: database(), databaseUrl: database().url },
      natsUrl: `nats://127.0.0.1:${await freePort()}`,
      onError: () => {},
    });
    feeds.push(alone);
    const reader = await read(alone);

    await write(alone, 2);
    await reader.until(atLeast(2, 'CHANGE'));

    await expect
      .poll(alone.detour, { timeout: 20_000 })
      .toMatch(/NATS.*ECONNREFUSED|NATS.*refused/);
    expect(alone.trouble()).toBeNull();
  });
});
