import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ChangeFilter, Feed } from '../../../src/feed/feed.ts';
import type { Visibility } from '../../../src/model/visibility.ts';
import type { FeedEngine } from '../../support/feed-engine.ts';
import { layOrganization, type TestOrganization } from '../../support/organization.ts';
import { isCaughtUp, type Reading, startReading } from '../../support/reading.ts';
import { endOf, record, switchCall } from '../../support/switch-call.ts';

/** Which changes a reader is told. */
export function filters({ database, open }: FeedEngine): void {
  describe('filters', () => {
    let feed: Feed;
    let acme: TestOrganization;
    let readings: Reading[];

    beforeEach(async () => {
      acme = await layOrganization(database());
      readings = [];
      feed = await open({ bookmarkMs: 100 });
    });
    afterEach(async () => {
      for (const reading of readings) await reading.stop();
      await feed[Symbol.asyncDispose]();
    });

    /**
     * Alice's phone, then Olivia's, each get a call that is live at first; then both end. Gives what the reader was told
     * of the snapshot and of the changes, as `callee's number, kind`.
     */
    async function told(filter: ChangeFilter, visibility: Visibility) {
      const calls = [acme.numbers.front, acme.numbers.boss].map((to, index) =>
        switchCall(['0722', to], { offeredAt: `2026-01-02T03:04:0${index}Z` }),
      );
      for (const call of calls) await record(database(), call);
      const reading = startReading(feed, { filter, visibility });
      readings.push(reading);
      await reading.until(isCaughtUp);
      for (const call of calls) await record(database(), endOf(call));
      const end = await feed.head();
      feed.wake();
      await reading.until((messages) => {
        const last = messages.findLast(({ type }) => type === 'BOOKMARK');
        return last !== undefined && placeOf(last.position) >= placeOf(end);
      });
      return reading.messages.flatMap((message) => {
        if (message.type === 'SNAPSHOT') return [`${message.call.dnis} now`];
        return message.type === 'CHANGE'
          ? [`${message.change.call?.dnis} ${message.change.kind}`]
          : [];
      });
    }

    const placeOf = (position: string) =>
      Number(Buffer.from(position, 'base64url').toString().split('.')[1]);
    const everything = () => ({ organizationId: acme.id, ownerId: null });
    const whole = (number: string) => [`${number} STATE`, `${number} PARTICIPANTS`];

    test('without a filter an organization gets what is its own', async () => {
      const { front, boss } = acme.numbers;
      const other = await layOrganization(database());
      await record(database(), switchCall(['0722', other.numbers.front]));

      const messages = await told({}, everything());

      const now = [`${front} now`, `${boss} now`];
      expect(messages).toEqual([...now, ...whole(front), ...whole(boss)]);
    });

    test('an owner gets the calls of the own extensions alone', async () => {
      const { userId } = acme.principal('alice');

      const messages = await told({}, { organizationId: acme.id, ownerId: userId });

      expect(messages).toEqual([`${acme.numbers.front} now`, ...whole(acme.numbers.front)]);
    });

    test('a filter on an extension gives its calls', async () => {
      const { boss } = acme.numbers;
      const extensionIds = [acme.extensionIds.get(boss) ?? ''];

      const messages = await told({ extensionIds }, everything());

      expect(messages).toEqual([`${boss} now`, ...whole(boss)]);
    });

    test('a filter on kinds leaves the snapshot whole', async () => {
      const { front, boss } = acme.numbers;

      const messages = await told({ kinds: ['STATE'] }, everything());

      const now = [`${front} now`, `${boss} now`];
      expect(messages).toEqual([...now, `${front} STATE`, `${boss} STATE`]);
    });

    test('a filter on states holds for the snapshot, too', async () => {
      const { front, boss } = acme.numbers;

      const messages = await told({ states: ['RINGING', 'ENDED'] }, everything());

      expect(messages).toEqual([...whole(front), ...whole(boss)]);
    });

    test('a filter on a call gives that call', async () => {
      const call = switchCall(['0722', acme.numbers.desk]);
      await record(database(), call);
      const [row] = await database().rows<{ id: string }>(
        sql`select id from calls where native_id = ${call.nativeId}`,
      );

      const messages = await told({ callIds: [row?.id ?? ''] }, everything());

      expect(messages).toEqual([`${acme.numbers.desk} now`]);
    });
  });
}
