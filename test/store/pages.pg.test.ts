import fc from 'fast-check';
import { v7 as uuid } from 'uuid';
import { expect, test } from 'vitest';
import type { Cursor, PageRequest } from '../../src/model/page.ts';
import type { CallListShape } from '../../src/model/shape.ts';
import { EVERYTHING, type Visibility } from '../../src/model/visibility.ts';
import type { Database } from '../../src/store/database.ts';
import { readPage } from '../../src/store/queries/read.ts';
import { organizations, users } from '../../src/store/tables/accounts.ts';
import { calls, participants } from '../../src/store/tables/calls.ts';
import { extensions, phoneCallEvents } from '../../src/store/tables/extensions.ts';
import { eachStore } from '../support/database.ts';

/** Calls as the property draws them: a minute, of which there are few, and the extensions of their legs. */
const history = fc.record({
  calls: fc.array(
    fc.record({
      ...{ minute: fc.nat(3), isLive: fc.boolean() },
      legs: fc.array(fc.nat(2), { maxLength: 3 }),
    }),
    { maxLength: 12 },
  ),
  limit: fc.integer({ min: 1, max: 5 }),
  backward: fc.boolean(),
  /** Else it was months ago, and what lives has lived on since. */
  isOfToday: fc.boolean(),
});
type History = typeof history extends fc.Arbitrary<infer T> ? T : never;

const timeOf = (minute: number, isOfToday: boolean) =>
  new Date((isOfToday ? HOUR_AGO : LONG_AGO) + minute * 60_000).toISOString();
const HOUR_AGO = Date.now() - 3_600_000;
const LONG_AGO = Date.parse('2026-01-01T00:00:00Z');

/** Lays a history in an organization of its own: extensions 0 and 1 have an owner, 2 has none; leg 0 has a number. */
async function lay({ drizzle }: Database, { calls: drawn, isOfToday }: History, number = uuid()) {
  const [organizationId, ownerId] = [uuid(), uuid()];
  const extensionIds = [uuid(), uuid(), uuid()];
  const rows = drawn.map((call) => ({
    ...call,
    id: uuid(),
    offeredAt: timeOf(call.minute, isOfToday),
  }));
  await drizzle.insert(organizations).values({ id: organizationId, key: organizationId, name: '' });
  await drizzle
    .insert(users)
    .values({ id: ownerId, organizationId, number: '1', username: ownerId, accountType: 'USER' });
  await drizzle.insert(extensions).values(
    extensionIds.map((id, index) => ({
      ...{
        id,
        organizationId,
        number: `${index}`,
        shortNumber: `${index}`,
        kind: 'TERMINAL' as const,
      },
      ownerId: index < 2 ? ownerId : null,
    })),
  );
  if (rows.length > 0) {
    await drizzle.insert(calls).values(
      rows.map(({ id, offeredAt, isLive }) => ({
        ...{ id, organizationId, offeredAt, endedAt: isLive ? null : offeredAt },
        state: isLive ? ('CONNECTED' as const) : ('ENDED' as const),
        ...{ direction: 'INBOUND' as const, callType: 'INBOUND' as const },
      })),
    );
  }
  const legs = rows.flatMap(({ id, offeredAt, legs }) =>
    legs.map((index, sequence) => ({
      ...{ callId: id, organizationId, offeredAt, sequence: `0${sequence}` },
      ...{ role: 'OTHER' as const, state: 'ENDED' as const, extensionId: extensionIds[index] },
      number: index === 0 ? number : null,
    })),
  );
  if (legs.length > 0) await drizzle.insert(participants).values(legs);
  const expected = (wanted: (legs: readonly number[], isLive: boolean) => boolean) =>
    rows
      .filter(({ legs, isLive }) => wanted(legs, isLive))
      .sort((a, b) => compare([b.offeredAt, b.id], [a.offeredAt, a.id]))
      .map(({ id }) => id);
  return { organizationId, ownerId, extensionIds, number, expected };
}

const compare = (a: readonly string[], b: readonly string[]) => {
  const differs = a.findIndex((value, index) => value !== b[index]);
  return differs < 0 ? 0 : (a[differs] ?? '') < (b[differs] ?? '') ? -1 : 1;
};

/** Reads every page, one after the other, and gives the list that they make. */
async function readAll<Row>(
  read: (page: PageRequest) => Promise<readonly Row[]>,
  cursorOf: (row: Row) => Cursor,
  { limit, backward }: Pick<PageRequest, 'limit' | 'backward'>,
): Promise<Row[]> {
  const found: Row[] = [];
  let cursor: Cursor | null = null;
  for (;;) {
    const between = backward ? { after: null, before: cursor } : { after: cursor, before: null };
    const rows: readonly Row[] = await read({ limit, backward, ...between });
    const page = backward ? rows.slice(-limit) : rows.slice(0, limit);
    if (backward) found.unshift(...page);
    else found.push(...page);
    const last = backward ? page[0] : page.at(-1);
    if (rows.length <= limit || !last) return found;
    cursor = cursorOf(last);
  }
}

type CallFilter = CallListShape['filter'];

async function callIds(
  database: Database,
  filter: CallFilter,
  visibility: Visibility,
  way: Pick<PageRequest, 'limit' | 'backward'>,
) {
  const read = async (page: PageRequest) =>
    (await readPage(database, { of: 'calls', filter, shape: {}, page, total: false }, visibility))
      .rows;
  const all = await readAll(read, (call) => [call.offeredAt, call.id], way);
  return all.map(({ id }) => id);
}

/** Checks the property of many histories. */
const holds = (check: (history: History) => Promise<void>) =>
  fc.assert(fc.asyncProperty(history, check), { numRuns: 40 });

eachStore((database) => {
  test('the pages of an organization make its whole list', () =>
    holds(async (drawn) => {
      const { organizationId, expected } = await lay(database(), drawn);

      const found = await callIds(database(), {}, { organizationId, ownerId: null }, drawn);

      expect(found).toEqual(expected(() => true));
    }));

  test('the pages of an extension make its whole list, each call once', () =>
    holds(async (drawn) => {
      const { extensionIds, expected } = await lay(database(), drawn);
      const filter = { extensionIds: extensionIds.slice(0, 1) };

      const found = await callIds(database(), filter, EVERYTHING, drawn);

      expect(found).toEqual(expected((legs) => legs.includes(0)));
    }));

  test('the pages of an owner merge the extensions, each call once', () =>
    holds(async (drawn) => {
      const { organizationId, ownerId, expected } = await lay(database(), drawn);

      const found = await callIds(database(), {}, { organizationId, ownerId }, drawn);

      expect(found).toEqual(expected((legs) => legs.includes(0) || legs.includes(1)));
    }));

  test('the pages of a number make its whole list, for the organization and for the owner', () =>
    holds(async (drawn) => {
      const { organizationId, ownerId, number, expected } = await lay(database(), drawn);
      await lay(database(), drawn, number);

      const found = await Promise.all(
        [null, ownerId].map((owner) =>
          callIds(database(), { number }, { organizationId, ownerId: owner }, drawn),
        ),
      );

      expect(found).toEqual(Array(2).fill(expected((legs) => legs.includes(0))));
    }));

  test('the pages of a number merge the organizations for whoever sees them all', () =>
    holds(async (drawn) => {
      const one = await lay(database(), drawn);
      const other = await lay(database(), drawn, one.number);

      const found = await callIds(database(), { number: one.number }, EVERYTHING, drawn);

      const [ofOne, ofOther] = [one, other].map(({ expected }) =>
        expected((legs) => legs.includes(0)),
      );
      expect(found.filter((id) => ofOne?.includes(id))).toEqual(ofOne);
      expect(found.filter((id) => !ofOne?.includes(id))).toEqual(ofOther);
    }));

  test('the pages of a filtered list make that list', () =>
    holds(async (drawn) => {
      const { organizationId, ownerId, expected } = await lay(database(), drawn);
      const filter = { directions: ['INBOUND' as const], states: ['ENDED' as const] };

      const found = await callIds(database(), filter, { organizationId, ownerId }, drawn);

      const isOwn = (legs: readonly number[]) => legs.includes(0) || legs.includes(1);
      expect(found).toEqual(expected((legs, isLive) => isOwn(legs) && !isLive));
    }));

  test('the pages of what is live make that list, though all legs have ended', () =>
    holds(async (drawn) => {
      const { organizationId, ownerId, extensionIds, number, expected } = await lay(
        database(),
        drawn,
      );
      const states = ['RINGING' as const, 'CONNECTED' as const];
      const lists: [CallFilter, Visibility][] = [
        [{ states }, { organizationId, ownerId: null }],
        [
          { states, extensionIds: extensionIds.slice(0, 1) },
          { organizationId, ownerId: null },
        ],
        [
          { states, number },
          { organizationId, ownerId: null },
        ],
        [{ states }, { organizationId, ownerId }],
      ];

      const found = await Promise.all(lists.map((list) => callIds(database(), ...list, drawn)));

      const ofFirst = expected((legs, isLive) => isLive && legs.includes(0));
      const owned = expected((legs, isLive) => isLive && legs.some((leg) => leg < 2));
      expect(found).toEqual([expected((_, isLive) => isLive), ofFirst, ofFirst, owned]);
    }));

  test('a page between two cursors has neither of them', async () => {
    const minutes = [3, 2, 1, 0].map((minute) => ({ minute, isLive: false, legs: [0] }));
    const drawn = { calls: minutes, limit: 5, backward: false, isOfToday: false };
    const { organizationId, expected } = await lay(database(), drawn);
    const ids = expected(() => true);
    const [after, before] = [
      [timeOf(3, false), ids[0] ?? ''],
      [timeOf(0, false), ids[3] ?? ''],
    ];
    const page = { limit: 5, backward: false, after, before };

    const { rows, total } = await readPage(
      database(),
      { of: 'calls', filter: {}, shape: {}, page, total: true },
      { organizationId, ownerId: null },
    );

    expect(rows.map(({ id }) => id)).toEqual(ids.slice(1, 3));
    expect(total).toBe(4);
  });

  test('the pages of extensions and of rules make their whole lists', async () => {
    const drawn = { calls: [], limit: 2, backward: false, isOfToday: true };
    const { organizationId, extensionIds } = await lay(database(), drawn);
    const visibility = { organizationId, ownerId: null };
    const rules = Array.from({ length: 5 }, (_, index) => ({
      ...{ rowId: uuid(), organizationId, extensionId: extensionIds[0] ?? '', id: `${index}` },
      ...{ type: 0, method: 'GET' as const, url: '', status: 'ENABLED' as const },
    }));
    await database().drizzle.insert(phoneCallEvents).values(rules);
    const list = { filter: {}, shape: {}, total: false };

    const [foundExtensions, foundRules] = await Promise.all([
      readAll(
        async (page) =>
          (await readPage(database(), { of: 'extensions', page, ...list }, visibility)).rows,
        ({ number, id }) => [number, id],
        drawn,
      ),
      readAll(
        async (page) =>
          (await readPage(database(), { of: 'events', page, ...list }, visibility)).rows,
        ({ rowId }) => [rowId],
        { limit: 2, backward: true },
      ),
    ]);

    expect(foundExtensions.map(({ id }) => id)).toEqual(extensionIds);
    expect(foundRules.map(({ rowId }) => rowId)).toEqual(rules.map(({ rowId }) => rowId));
  });
});
