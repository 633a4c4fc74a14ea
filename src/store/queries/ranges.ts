import { type SQL, sql } from 'drizzle-orm';
import type {
  CallListShape,
  DeliveryListShape,
  EventListShape,
  ExtensionListShape,
} from '../../model/shape.ts';
import type { Visibility } from '../../model/visibility.ts';
import { callRange } from './call-ranges.ts';
import { deliveryMatches, eventMatches, extensionMatches } from './conditions.ts';
import { cut, type Order, type Range, within } from './keyset.ts';

/** Any list that can be read page by page. */
export type ListShape = CallListShape | ExtensionListShape | EventListShape | DeliveryListShape;

/**
 * The rows of a page.
 * @param outer an outer statement's extension or rule, for a list below it: whoever sees it sees what is below.
 */
export function rangeOf(list: ListShape, outer: SQL | null, visibility: Visibility): Range {
  if (list.of === 'calls') return callRange(list, outer, visibility);
  if (list.of === 'events') return eventRange(list, outer, visibility);
  if (list.of === 'deliveries') return deliveryRange(list, outer, visibility);
  return extensionRange(list, visibility);
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
  const { ownerId = null, numbers = null, kinds = null } = filter;
  const where = extensionMatches({ visibility, ownerId, numbers, kinds });
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

const DELIVERIES: Order = {
  columns: [
    { column: sql`d.created_at`, type: 'timestamptz' },
    { column: sql`d.id`, type: 'uuid' },
  ],
  descending: true,
};

function deliveryRange(list: DeliveryListShape, rowId: SQL | null, visibility: Visibility): Range {
  const { filter, page } = list;
  const where = deliveryMatches(filter, rowId, visibility);
  const rows = sql`select d.* from event_deliveries d where ${where} ${within(DELIVERIES, page)} ${cut(DELIVERIES, page)}`;
  return { rows, all: sql`select from event_deliveries d where ${where}`, order: DELIVERIES };
}
