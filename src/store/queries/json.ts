import { type SQL, sql } from 'drizzle-orm';
import type { CallShape, EventShape, ExtensionShape, ParticipantShape } from '../../model/shape.ts';
import { EVERYTHING, type Visibility } from '../../model/visibility.ts';
import { callVisible } from './conditions.ts';
import { ALIAS, object } from './object.ts';
import { type ListShape, rangeOf } from './ranges.ts';
import { readyPageJson } from './ready.ts';
import { sorted } from './sorted.ts';

const CALL = [
  ...['id', 'organizationId', 'connector', 'epoch', 'nativeId', 'state', 'direction', 'callType'],
  ...['ani', 'dnis', 'offeredAt', 'answeredAt', 'endedAt', 'disposition', 'q850Cause', 'endedBy'],
  ...['parentId', 'recordingState', 'recordingSince', 'version', 'deletionRequestedAt'],
  'heldForLegal',
];
const PARTICIPANT = [
  ...[
    'sequence',
    'nativeId',
    'role',
    'number',
    'name',
    'state',
    'muted',
    'ringingAt',
    'answeredAt',
    'heldAt',
  ],
  ...['leftAt', 'disposition', 'parkedAt', 'parkedPosition', 'parkedBy'],
];
const EXTENSION = ['id', 'organizationId', 'number', 'shortNumber', 'kind', 'label', 'ownerId'];
/** What tells an extension from others, and whose it is. */
const IDENTIFYING = ['id', 'number', 'shortNumber', 'ownerId'];
const OWNER = ['id', 'number', 'username', 'displayName'];
const EVENT = [
  ...['id', 'organizationId', 'type', 'method', 'url', 'status', 'note', 'modifiedAt'],
  'suspendedAt',
];
const DELIVERY = ['id', 'callId', 'state', 'parameters', 'attempts', 'createdAt', 'deliveredAt'];

/** The columns that a shape asks for, beside those that are always there. */
const wanted = (
  columns: readonly string[],
  fields: readonly string[] | undefined,
  always: readonly string[],
) =>
  fields ? columns.filter((column) => fields.includes(column) || always.includes(column)) : columns;

/** The call of alias `c` as readers see it, with the parts that the shape asks for. */
export function callJson(shape: CallShape, visibility: Visibility = EVERYTHING): SQL {
  return object('c', wanted(CALL, shape.fields, ['id', 'offeredAt']), {
    ...(shape.userData && { userData: sql`c.user_data` }),
    ...(shape.identifiers && { identifiers: IDENTIFIERS }),
    ...(shape.parentIdentifiers && { parentIdentifiers: parentIdentifiersJson(visibility) }),
    ...(shape.markers && { markers: MARKERS }),
    ...(shape.consultation && { parent: PARENT, consultations: CONSULTATIONS }),
    ...(shape.organization && { organization: ORGANIZATION }),
    ...(shape.participants && { participants: participantsJson(shape.participants, visibility) }),
  });
}

const IDENTIFIERS = sql`(
  select coalesce(json_agg(json_build_object('scheme', i.scheme, 'value', i.value) order by i.scheme, i.value), '[]')
  from call_identifiers i where i.call_id = c.id)`;

/** The names of the call about which it consults, where that is visible, too. */
const parentIdentifiersJson = (visibility: Visibility) => sql`(
  select coalesce(json_agg(json_build_object('scheme', i.scheme, 'value', i.value) order by i.scheme, i.value), '[]')
  from call_identifiers i where i.call_id = c.parent_id
    and exists (select from calls c where c.id = i.call_id and ${callVisible(visibility)}))`;

/** Who consults has the same extension, or else the same number, in both. */
const PARENT = sql`(
  select json_build_object('id', r.id, 'state', r.state, 'isLeft', not exists (
    select from participants k join participants p on p.call_id = r.id and p.state <> 'ENDED'
      and (p.extension_id = k.extension_id or p.number = k.number)
    where k.call_id = c.id and k.role = 'CALLER'))
  from calls r where r.id = c.parent_id)`;

const CONSULTATIONS = sql`(
  select coalesce(json_agg(json_build_object('id', k.id, 'state', k.state, 'ownerId', w.owner_id,
      'isConsulted', exists (select from calls n where n.parent_id = k.id and n.state <> 'ENDED')) order by k.offered_at),
    '[]')
  from calls k left join participants v on v.call_id = k.id and v.role = 'CALLER'
    left join extensions w on w.id = v.extension_id
  where k.parent_id = c.id and k.state <> 'ENDED')`;

const MARKERS = sql`(
  select coalesce(json_agg(json_build_object('id', m.id, 'name', m.name, 'startMs', m.start_ms, 'endMs', m.end_ms)
    order by m.start_ms, m.id), '[]') from call_markers m where m.call_id = c.id)`;

const ORGANIZATION = sql`(
  select json_build_object('id', o.id, 'key', o.key, 'name', o.name) from organizations o where o.id = c.organization_id)`;

function participantsJson({ fields, extension }: ParticipantShape, visibility: Visibility): SQL {
  const json = object('p', wanted(PARTICIPANT, fields, []), {
    ...(extension && {
      extension: sql`case when e.id is not null then ${extensionJson(extension, visibility)} end`,
    }),
  });
  const join = extension ? sql`left join extensions e on e.id = p.extension_id` : sql``;
  return sql`array(select ${json} from participants p ${join} where p.call_id = c.id order by p.sequence)`;
}

/** The extension of alias `e` as readers see it, with the parts that the shape asks for. */
export function extensionJson(shape: ExtensionShape, visibility: Visibility = EVERYTHING): SQL {
  return object('e', wanted(EXTENSION, shape.fields, IDENTIFYING), {
    ...(shape.owner && { owner: OWNER_JSON }),
    ...pagesJson(shape.pages, (list) => pageBelow(list, visibility)),
  });
}

/** The lists of a shape with their keys, as one part of an object; none when there is no list. */
function pagesJson<List>(
  lists: Readonly<Record<string, List>> = {},
  page: (list: List) => SQL,
): Readonly<Record<string, SQL>> {
  const pages = Object.entries(lists).map(([key, list]) =>
    object('', [], { key: sql`${key}::text`, page: page(list) }),
  );
  return pages.length > 0 ? { pages: sql`array[${sql.join(pages, sql`, `)}]` } : {};
}

/** A list below an extension. Another's extension shows up as a party of one's own calls: its lists stay its owner's. */
function pageBelow(list: ListShape, visibility: Visibility): SQL {
  const page = pageJson(list, sql`e.id`, visibility);
  if (visibility.ownerId === null) return page;
  const none = JSON.stringify({
    ...{ rows: [], ...(list.total && { total: 0 }) },
    ...(readyOf(list) && { ready: null }),
  });
  return sql`case when e.owner_id = ${visibility.ownerId}::uuid then ${page} else ${none}::text::json end`;
}

/** The user of alias `u` as readers see it. */
export const ownerJson = () => object('u', OWNER, {});

const OWNER_JSON = sql`(select ${ownerJson()} from users u where u.id = e.owner_id)`;

/** The rule of alias `r` as readers see it, with the parts that the shape asks for. */
export function eventJson(
  { fields, extension, pages }: EventShape,
  visibility: Visibility = EVERYTHING,
): SQL {
  return object('r', wanted(EVENT, fields, ['id']), {
    rowId: sql`r.row_id`,
    ...pagesJson(pages, (list) => pageJson(list, sql`r.row_id`, visibility)),
    ...(extension && {
      extension: sql`(select ${extensionJson(extension, visibility)} from extensions e where e.id = r.extension_id)`,
    }),
  });
}

/** The firing of alias `d` as readers see it. */
export const deliveryJson = () =>
  object('d', DELIVERY, {
    nextAttemptAt: sql`case d.state when 'PENDING' then nullif(d.due_at, 'infinity') end`,
  });

const readyOf = (list: ListShape) => (list.of === 'deliveries' ? undefined : list.shape.ready);

/** A page as one JSON value: `{ rows, total? }`; below an outer statement's extension or rule, or by itself. */
export function pageJson(
  list: ListShape,
  outer: SQL | null = null,
  visibility: Visibility = EVERYTHING,
): SQL {
  const range = rangeOf(list, outer, visibility);
  const ready = readyOf(list);
  if (ready) return readyPageJson(list, ready, range);
  const { rows, all, order } = range;
  const nodes = sql`select ${nodeOf(list, visibility)} from (${rows}) ${sql.raw(ALIAS[list.of])} ${sorted(list, order)}`;
  return object('', [], {
    rows: sql`array(${nodes})`,
    ...(list.total && { total: sql`(select count(*)::int from (${all}) t)` }),
  });
}

function nodeOf(list: ListShape, visibility: Visibility): SQL {
  if (list.of === 'calls') return callJson(list.shape, visibility);
  if (list.of === 'events') return eventJson(list.shape, visibility);
  if (list.of === 'deliveries') return deliveryJson();
  return extensionJson(list.shape, visibility);
}
