import { sql } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Feed } from '../../../src/feed/feed.ts';
import { decodePosition, encodePosition } from '../../../src/feed/position.ts';
import { trimLog } from '../../../src/feed/trim.ts';
import { WHOLE_CALL } from '../../../src/model/shape.ts';
import { readCalls } from '../../../src/store/queries/read.ts';
import type { FeedEngine } from '../../support/feed-engine.ts';
import { layOrganization, type TestOrganization } from '../../support/organization.ts';
import {
  atLeast,
  changesIn,
  isCaughtUp,
  type Reading,
  startReading,
} from '../../support/reading.ts';
import { endOf, record, switchCall } from '../../support/switch-call.ts';

const BOOKMARK_MS = 100;

/** What a reader is told, and where it can resume. */
export function changes({ database, open }: FeedEngine): void {
  describe('changes', () => {
    let feed: Feed;
    let organization: TestOrganization;
    let front: string;
    const readings: Reading[] = [];

    const openFeed = () => open({ bookmarkMs: BOOKMARK_MS });
    const visibility = () => ({ organizationId: organization.id, ownerId: null });
    /** Reads what concerns the test's own organization. */
    const read = (request: Parameters<typeof startReading>[1] = {}, from = feed) => {
      const reading = startReading(from, { visibility: visibility(), ...request });
      readings.push(reading);
      return reading;
    };
    const write = async (...calls: Parameters<typeof record>[1][]) => {
      for (const call of calls) await record(database(), call);
      feed.wake();
    };
    const call = () => switchCall([front, '0722000111']);

    beforeEach(async () => {
      organization = await layOrganization(database());
      front = organization.numbers.front;
      feed = await openFeed();
    });
    afterEach(async () => {
      for (const reading of readings.splice(0)) await reading.stop();
      await feed[Symbol.asyncDispose]();
    });

    test('a reader gets what is live, and then every change', async () => {
      const [live, over, later] = [call(), call(), call()];
      await write(live, over, endOf(over));

      const reading = read();
      await reading.until(isCaughtUp);
      await write(later, endOf(live), endOf(later));
      const messages = await reading.until(atLeast(5, 'CHANGE'));

      const snapshot = messages.slice(0, 2).map(({ type }) => type);
      expect(snapshot).toEqual(['SNAPSHOT', 'BOOKMARK']);
      const told = messages.flatMap((message) =>
        message.type === 'CHANGE' ? [`${message.change.kind} ${message.change.call?.state}`] : [],
      );
      expect(told).toEqual([
        'STATE CONNECTED',
        ...['STATE ENDED', 'PARTICIPANTS ENDED'],
        ...['STATE ENDED', 'PARTICIPANTS ENDED'],
      ]);
    });

    test('a change has the whole call, as the database has it', async () => {
      const reading = read();
      await reading.until(isCaughtUp);

      await write(call());
      const messages = await reading.until(atLeast(1, 'CHANGE'));

      const told = messages.flatMap((one) => (one.type === 'CHANGE' ? [one.change.call] : []));
      const ids = told.flatMap((one) => one?.id ?? []);
      const found = await readCalls(database(), ids, WHOLE_CALL, visibility());
      expect(told).toEqual(found);
      expect(told).toMatchObject([{ participants: [{ extension: { number: front } }, {}] }]);
    });

    test('resuming after a message gives exactly what followed it', async () => {
      const first = read();
      await first.until(isCaughtUp);
      const calls = [call(), call(), call()];
      await write(...calls, ...calls.map((one) => endOf(one)));
      const all = (await first.until(atLeast(9, 'CHANGE'))).filter(({ type }) => type === 'CHANGE');

      const resumed = read({ after: all[3]?.position ?? null });
      await resumed.until(atLeast(5, 'CHANGE'));

      expect(changesIn(resumed.messages)).toEqual(changesIn(all).slice(4));
    });

    test('a position in the midst of a snapshot begins a new snapshot', async () => {
      await write(call(), call());
      const [message] = await read().until(atLeast(1, 'SNAPSHOT'));

      const resumed = read({ after: message?.position ?? null });

      expect(await resumed.until(isCaughtUp)).toMatchObject([
        { type: 'SNAPSHOT' },
        { type: 'SNAPSHOT' },
        { type: 'BOOKMARK' },
      ]);
    });

    test('a position of another life of the database gives a gap and a new snapshot', async () => {
      await write(call());
      const head = decodePosition(await feed.head()) ?? expect.fail();

      const resumed = read({ after: encodePosition({ ...head, epoch: '0123456789ab' }) });

      expect(await resumed.until(isCaughtUp)).toMatchObject([
        { type: 'GAP', reason: 'EPOCH' },
        { type: 'SNAPSHOT' },
        { type: 'BOOKMARK' },
      ]);
    });

    test('a position of a future that this database never had gives a gap', async () => {
      const head = decodePosition(await feed.head()) ?? expect.fail();

      const resumed = read({ after: encodePosition({ ...head, xid: head.xid + 1_000_000n }) });

      expect(await resumed.until(isCaughtUp)).toMatchObject([
        { type: 'GAP', reason: 'EPOCH' },
        { type: 'BOOKMARK' },
      ]);
    });

    test('readers learn of a new life of the database while they read', async () => {
      await write(call());
      const reading = read();
      await reading.until(isCaughtUp);

      await database().rows(sql`update feed_state set incarnation = gen_random_uuid()`);
      await reading.until(atLeast(2, 'SNAPSHOT'));
      await write(call());
      const messages = await reading.until(atLeast(1, 'CHANGE'));

      const types = messages.map(({ type }) => type).filter((type) => type !== 'BOOKMARK');
      expect(types).toEqual(['SNAPSHOT', 'GAP', 'SNAPSHOT', 'CHANGE']);
    });

    test('what has been trimmed away is a gap, and the rest is not', async () => {
      const before = await feed.head();
      const old = call();
      await write(old);
      await database().rows(sql`update call_changes set occurred_at = now() - interval '80 hours'`);
      const between = await feed.head();
      await write(endOf(old));
      await trimLog(database(), 72);
      await using late = await openFeed();

      const gap = await read({ after: before }, late).until(isCaughtUp);
      const rest = await read({ after: between }, late).until(atLeast(2, 'CHANGE'));

      expect(gap[0]).toMatchObject({ type: 'GAP', reason: 'RETENTION' });
      expect(rest.filter(({ type }) => type === 'GAP')).toEqual([]);
    });

    test('what no feed ever gave is no position', async () => {
      const reading = feed.read({
        visibility: { organizationId: uuid(), ownerId: null },
        after: 'not a position',
        signal: AbortSignal.timeout(5000),
      });

      const first = reading.next();

      await expect(first).rejects.toMatchObject({ code: 'BAD_INPUT' });
    });

    test('a bookmark after silence moves the position on', async () => {
      const reading = read({ filter: { callIds: [uuid()] } });
      await reading.until(isCaughtUp);
      await write(call());

      const messages = await reading.until(atLeast(3, 'BOOKMARK'));
      const resumed = read({ after: messages.at(-1)?.position ?? null });

      expect(await resumed.until(isCaughtUp)).toMatchObject([{ type: 'BOOKMARK' }]);
      expect(messages.every(({ type }) => type === 'BOOKMARK')).toBe(true);
    });

    test('the reading ends at its signal', async () => {
      const reading = read();
      await reading.until(isCaughtUp);

      await reading.stop();

      await expect(reading.until(() => false)).rejects.toThrow('ended');
    });

    test('whoever leaves while being told where the log ends is let go', async () => {
      const leaving = new AbortController();
      const { signal } = leaving;
      const request = { visibility: visibility(), after: await feed.head(), signal };
      const accept = async () => leaving.abort();

      const following = feed.follow(request, { push: () => true, accept });

      await expect(following).resolves.toBeUndefined();
    });
  });
}
