import { sql } from 'drizzle-orm';
import type { CallView } from '../../model/call.ts';
import type { DeliveryView } from '../../model/event-delivery.ts';
import type { ExtensionView } from '../../model/extension.ts';
import type { PageView } from '../../model/page.ts';
import type { PhoneCallEventView } from '../../model/phone-call-event.ts';
import type {
  CallListShape,
  CallName,
  CallShape,
  DeliveryListShape,
  EventListShape,
  EventShape,
  ExtensionListShape,
  ExtensionShape,
} from '../../model/shape.ts';
import type { Visibility } from '../../model/visibility.ts';
import type { Executor } from '../database.ts';
import {
  callVisible,
  deliveryMatches,
  eventMatches,
  extensionMatches,
  isNamed,
} from './conditions.ts';
import { filled } from './forms.ts';
import { callJson, deliveryJson, eventJson, extensionJson, pageJson } from './json.ts';

/** An event as pages carry it: with what orders it. */
export type EventRow = PhoneCallEventView & { readonly rowId: string };

interface RowOf {
  calls: CallView;
  extensions: ExtensionView;
  events: EventRow;
  deliveries: DeliveryView;
}

/** One page of a list, by one statement. */
export async function readPage<
  List extends CallListShape | ExtensionListShape | EventListShape | DeliveryListShape,
>(on: Executor, list: List, visibility: Visibility): Promise<PageView<RowOf[List['of']]>> {
  const [row] = await on.rows<{ page: PageView<RowOf[List['of']]> }>(
    filled(
      'page',
      { list, visibility },
      (asked) => sql`
      select ${pageJson(asked.list, null, asked.visibility)} as page`,
    ),
  );
  return row?.page ?? { rows: [] };
}

const nodes = async <Node>(rows: Promise<{ node: Node }[]>) => (await rows).map(({ node }) => node);

/** The visible calls among these ids, in no order. */
export const readCalls = (
  on: Executor,
  ids: readonly string[],
  shape: CallShape,
  visibility: Visibility,
) =>
  nodes<CallView>(
    on.rows({
      ...filled(
        'calls',
        { ...idOrIds(ids), shape, visibility },
        (asked) => sql`
        select ${callJson(asked.shape, asked.visibility)} as node from calls c
        where ${callNamed(asked)} and ${callVisible(asked.visibility)}`,
      ),
      isSmall: ids.length === 1 && isSmallCall(shape),
    }),
  );

const SMALL_PAGE = 50;

/** Whether one call in this shape is read by a few rows. */
export const isSmallCall = ({ participants }: CallShape) => isSmall(participants?.extension);

/** Whether no more than a few rules are read below an extension, and no lists below these. */
const isSmall = ({ pages = {} }: ExtensionShape = {}): boolean =>
  Object.values(pages).every(
    (list) =>
      list.of === 'events' &&
      list.page.limit <= SMALL_PAGE &&
      !list.total &&
      hasNoLists(list.shape),
  );

const hasNoLists = ({ pages = {}, extension }: EventShape) =>
  [...Object.keys(pages), ...Object.keys(extension?.pages ?? {})].length === 0;

interface IdOrIds {
  readonly id?: string;
  readonly ids?: readonly string[];
}

/** One by itself: Postgres plans for a value once, and for a list of unknown length each time anew. */
function idOrIds(ids: readonly string[]): IdOrIds {
  const [id, another] = ids;
  return id && !another ? { id } : { ids };
}

const callNamed = ({ id, ids }: IdOrIds) =>
  id ? sql`c.id = ${id}::uuid` : sql`c.id = any(${sql.param(ids)}::uuid[])`;

/** The visible calls that have this name; more than one only across organizations. */
export function readCallsNamed(
  on: Executor,
  name: CallName,
  shape: CallShape,
  visibility: Visibility,
) {
  return nodes<CallView>(
    on.rows(sql`select ${callJson(shape, visibility)} as node from calls c
      where ${isNamed(name)} and ${callVisible(visibility)} limit 2`),
  );
}

/** The visible extensions with this number: in full, else in short form; several may share a short one. */
export async function readExtensions(
  on: Executor,
  number: string,
  shape: ExtensionShape,
  visibility: Visibility,
) {
  const found = await nodes<ExtensionView>(
    on.rows({
      ...filled(
        'extensions',
        { number, shape, visibility },
        (asked) => sql`
        select ${extensionJson(asked.shape, asked.visibility)} as node from (
          select x.* from extensions x where ${extensionMatches(asked)}) e
        limit 50`,
      ),
      isSmall: isSmall(shape),
    }),
  );
  const full = found.filter((extension) => extension.number === number);
  return full.length > 0 ? full : found;
}

/** The visible extension of this id. */
export const readExtensionsById = (
  on: Executor,
  ids: readonly string[],
  shape: ExtensionShape,
  visibility: Visibility,
) =>
  nodes<ExtensionView>(
    on.rows(sql`select ${extensionJson(shape, visibility)} as node from (
        select x.* from extensions x where ${extensionMatches({ visibility, ids })}) e`),
  );

/** The visible rules of these ids or row ids. */
export const readEvents = (
  on: Executor,
  rowIds: readonly string[],
  shape: EventShape,
  visibility: Visibility,
) =>
  nodes<EventRow>(
    on.rows(sql`select ${eventJson(shape, visibility)} as node from phone_call_events r
      where r.row_id = any(${sql.param(rowIds)}::uuid[]) and ${eventMatches({}, null, visibility)}`),
  );

/** The visible firings of these ids. */
export const readDeliveries = (on: Executor, ids: readonly string[], visibility: Visibility) =>
  nodes<DeliveryView>(
    on.rows(sql`select ${deliveryJson()} as node from event_deliveries d
      where d.id = any(${sql.param(ids)}::uuid[]) and ${deliveryMatches({}, null, visibility)}`),
  );
