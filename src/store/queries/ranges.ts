import { type SQL, sql } from 'drizzle-orm';
import type { CallListShape, EventListShape, ExtensionListShape } from '../../model/shape.ts';
import { EVERYTHING, type Visibility } from '../../model/visibility.ts';
import { callMatches, eventMatches, extensionMatches } from './conditions.ts';
import { cut, type Order, within } from './keyset.ts';

/** Any list that can be read page by page. */
export type ListShape = CallListShape | ExtensionListShape | EventListShape;

/** Which rows a page has. */
export interface Range {
  /** The page's own rows, and one more if there is one; in no order. */
  readonly rows: SQL;
  /** Every row of the list, for counting. */
  readonly all: SQL;
  /** The list's order, on the reader's alias: `c`, `e` or `r`. */
  readonly order: Order;
}

/**
 * The rows of a page.
 * @param extensionId an outer statement's extension, for a list below it: whoever sees it sees what is below.
 */
export function rangeOf(list: ListShape, extensionId: SQL | null, visibility: Visibility): Range {
  if (list.of === 'calls') return callRange(list, extensionId, visibility);
  if (list.of === 'events') return eventRange(list, extensionId, visibility);
  return extensionRange(list, visibility);
}

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

function callRange(list: CallListShape, extensionId: SQL | null, visibility: Visibility): Range {
  const { filter, page } = list;
  const byLeg =
    extensionId !== null || visibility.ownerId !== null || filter.extensionIds || filter.extensions;
  const matching = (range: SQL, tail: SQL) =>
    byLeg
      ? callsOfExtensions(list, extensionId, visibility, { range, tail })
      : sql`select c.* from calls c where ${callMatches(filter, visibility)} ${range} ${tail}`;
  const range = within(byLeg ? LEGS : CALLS, page);
  const tail = cut(byLeg ? LEGS : CALLS, page);
  return { rows: matching(range, tail), all: matching(sql``, sql``), order: CALLS };
}

/** Each extension's own range of the index is cut before they are merged: cost is the page's, not the history's. */
function callsOfExtensions(
  { filter }: CallListShape,
  extensionId: SQL | null,
  visibility: Visibility,
  { range, tail }: { range: SQL; tail: SQL },
): SQL {
  const plain = Object.entries(filter).every(
    ([key, value]) => key.startsWith('extension') || value === null || value === undefined,
  );
  const conditions = plain
    ? sql``
    : sql`and exists (select from calls c where c.id = k.call_id and ${callMatches(filter, EVERYTHING)})`;
  const legs = (extension: SQL) => sql`
    select distinct on (k.offered_at, k.call_id) k.offered_at, k.call_id from participants k
    where k.extension_id = ${extension} ${range} ${conditions} ${tail}`;
  const merged = extensionId
    ? legs(extensionId)
    : sql`select distinct on (k.offered_at, k.call_id) k.offered_at, k.call_id
        from extensions x cross join lateral (${legs(sql`x.id`)}) k
        where ${extensionMatches({ visibility, ids: filter.extensionIds ?? null, numbers: filter.extensions ?? null })} ${tail}`;
  return sql`select c.* from (${merged}) k join calls c on c.id = k.call_id`;
}

const EXTENSIONS: Order = {
  columns: [
    { column: sql`x.number`, type: 'text' },
    { column: sql`x.id`, type: 'uuid' },
  ],
  descending: false,
};

/** The same order after the cut, where the alias is a reader's. */
const READ_EXTENSIONS: Order = {
  columns: [
    { column: sql`e.number`, type: 'text' },
    { column: sql`e.id`, type: 'uuid' },
  ],
  descending: false,
};

function extensionRange({ filter, page }: ExtensionListShape, visibility: Visibility): Range {
  const where = extensionMatches({ visibility, ownerId: filter.ownerId ?? null });
  const rows = sql`select x.* from extensions x where ${where} ${within(EXTENSIONS, page)} ${cut(EXTENSIONS, page)}`;
  return { rows, all: sql`select from extensions x where ${where}`, order: READ_EXTENSIONS };
}

const EVENTS: Order = { columns: [{ column: sql`r.row_id`, type: 'uuid' }], descending: false };

function eventRange(list: EventListShape, extensionId: SQL | null, visibility: Visibility): Range {
  const { filter, page } = list;
  const where = eventMatches(filter, extensionId, visibility);
  const rows = sql`select r.* from phone_call_events r where ${where} ${within(EVENTS, page)} ${cut(EVENTS, page)}`;
  return { rows, all: sql`select from phone_call_events r where ${where}`, order: EVENTS };
}
