import { type SQL, sql } from 'drizzle-orm';
import type { CallListShape } from '../../model/shape.ts';
import { EVERYTHING, type Visibility } from '../../model/visibility.ts';
import { callMatches, extensionMatches } from './conditions.ts';
import { cut, type Order, type Range, within } from './keyset.ts';

const CALLS: Order = {
  columns: [
    { column: sql`c.offered_at`, type: 'timestamptz' },
    { column: sql`c.id`, type: 'uuid' },
  ],
  descending: true,
};

/** The same order in the index of an extension's legs. */
const LEGS: Order = {
  columns: [
    { column: sql`k.offered_at`, type: 'timestamptz' },
    { column: sql`k.call_id`, type: 'uuid' },
  ],
  descending: true,
};

/** What narrows a list of calls, whichever index it is read from. */
interface Narrowing {
  readonly list: CallListShape;
  /** An outer statement's extension. */
  readonly outer: SQL | null;
  readonly visibility: Visibility;
}

/** Calls: of all, of extensions, or of a number; the newest first. */
export function callRange(list: CallListShape, outer: SQL | null, visibility: Visibility): Range {
  const { filter, page } = list;
  const narrowing = { list, outer, visibility };
  const ofExtensions =
    outer !== null || visibility.ownerId || filter.extensionIds || filter.extensions;
  const ofState = (range: SQL, tail: SQL) => callsByState(narrowing, range, tail);
  // A name means one call; what extensions and numbers have is read from the index of their legs.
  if (filter.identifier || filter.ids || !(ofExtensions || filter.number)) {
    return {
      rows: ofState(within(CALLS, page), cut(CALLS, page)),
      all: ofState(sql``, sql``),
      order: CALLS,
    };
  }
  const legs = filter.number ? callsOfNumber : callsOfExtensions;
  const ofLegs = (range: SQL, tail: SQL) =>
    sql`select c.* from (${legs(narrowing, range, tail)}) k join calls c on c.id = k.call_id`;
  const rows = ofLegs(within(LEGS, page), cut(LEGS, page));
  const all = legs(narrowing, sql``, sql``);
  if (!isLive(filter)) return { rows, all, order: CALLS };
  return {
    rows: eitherOf(visibility, rows, ofState(within(CALLS, page), cut(CALLS, page))),
    all: eitherOf(
      visibility,
      all,
      sql`select s.offered_at, s.id from (${ofState(sql``, sql``)}) s`,
    ),
    order: CALLS,
  };
}

const isLive = ({ states }: CallListShape['filter']) =>
  Boolean(states && !states.includes('ENDED'));

/** When the oldest live call was offered; null when there is none. */
const oldestLive = ({ organizationId }: Visibility) => sql`(
  select o.offered_at from calls o
  where o.state <> 'ENDED' ${organizationId ? sql`and o.organization_id = ${organizationId}::uuid` : sql``}
  order by o.offered_at limit 1)`;

/**
 * Live calls are among the legs since the oldest of them; or, where one has been live for days, as a call may that
 * was imported so or whose switch is gone, among all that live. Of the two Postgres runs the one whose condition holds.
 */
const eitherOf = (visibility: Visibility, ofLegs: SQL, ofState: SQL) => sql`
  select l.* from (${ofLegs}) l where ${oldestLive(visibility)} > now() - interval '1 day'
  union all
  select s.* from (${ofState}) s where ${oldestLive(visibility)} <= now() - interval '1 day'`;

const callsByState = (
  { list: { filter }, outer, visibility }: Narrowing,
  range: SQL,
  tail: SQL,
) => sql`
  select c.* from calls c where ${callMatches(filter, outer ? EVERYTHING : visibility)}
    ${takesPart(filter, outer, visibility, sql`c.id`)} ${range} ${tail}`;

/**
 * Legs by their number. Other organizations may have many more of them than one's own: whoever sees all has
 * each organization's range cut before they are merged.
 */
function callsOfNumber(
  { list: { filter }, outer, visibility }: Narrowing,
  range: SQL,
  tail: SQL,
): SQL {
  const ownerId = outer ? null : visibility.ownerId;
  const legs = (organizationId: SQL) => sql`
    select distinct on (k.offered_at, k.call_id) k.offered_at, k.call_id from participants k
    where k.organization_id = ${organizationId} and k.number = ${filter.number} ${range} ${offered(filter, visibility)}
      ${ofCall({ ...filter, number: null }, { organizationId: null, ownerId })}
      ${takesPart(filter, outer, visibility, sql`k.call_id`)} ${tail}`;
  if (visibility.organizationId) return legs(sql`${visibility.organizationId}::uuid`);
  return sql`select k.offered_at, k.call_id
    from organizations o cross join lateral (${legs(sql`o.id`)}) k ${tail}`;
}

/** What only the call itself can say, whose row is not looked at for what its legs repeat. */
function ofCall(filter: CallListShape['filter'], visibility: Visibility): SQL {
  const isOfLeg = (key: string) => key.startsWith('extension') || key.startsWith('offered');
  const asked = Object.entries(filter).some(
    ([key, value]) => value !== null && value !== undefined && !isOfLeg(key),
  );
  if (!asked && visibility.ownerId === null) return sql``;
  return sql`and exists (select from calls c where c.id = k.call_id and ${callMatches(filter, visibility)})`;
}

/** The time of a leg's call, as part of the range of its index. */
function offered(filter: CallListShape['filter'], visibility: Visibility): SQL {
  const { offeredFrom, offeredBefore } = filter;
  return sql`${offeredFrom ? sql`and k.offered_at >= ${offeredFrom}::timestamptz` : sql``} ${
    offeredBefore ? sql`and k.offered_at < ${offeredBefore}::timestamptz` : sql``
  } ${isLive(filter) ? sql`and k.offered_at >= ${oldestLive(visibility)}` : sql``}`;
}

/** Whether an extension that is asked for takes part in the call. */
function takesPart(
  { extensionIds, extensions }: CallListShape['filter'],
  outer: SQL | null,
  visibility: Visibility,
  callId: SQL,
): SQL {
  if (outer) {
    return sql`and exists (select from participants z where z.call_id = ${callId} and z.extension_id = ${outer})`;
  }
  if (!extensionIds && !extensions) return sql``;
  const matches = extensionMatches({
    visibility,
    ids: extensionIds ?? null,
    numbers: extensions ?? null,
  });
  return sql`and exists (select from participants z join extensions x on x.id = z.extension_id
    where z.call_id = ${callId} and ${matches})`;
}

/** Each extension's own range of the index is cut before they are merged: cost is the page's, not the history's. */
function callsOfExtensions(
  { list: { filter }, outer, visibility }: Narrowing,
  range: SQL,
  tail: SQL,
): SQL {
  const legs = (extension: SQL) => sql`
    select distinct on (k.offered_at, k.call_id) k.offered_at, k.call_id from participants k
    where k.extension_id = ${extension} ${range} ${offered(filter, visibility)}
      ${ofCall(filter, EVERYTHING)} ${tail}`;
  if (outer) return legs(outer);
  const { extensionIds: ids = null, extensions: numbers = null } = filter;
  return sql`select distinct on (k.offered_at, k.call_id) k.offered_at, k.call_id
    from extensions x cross join lateral (${legs(sql`x.id`)}) k
    where ${extensionMatches({ visibility, ids, numbers })} ${tail}`;
}
