import { GatewayError } from '../model/errors.ts';
import { isEventType } from '../model/phone-call-event.ts';
import type { ReadyShape } from '../model/ready-shape.ts';
import type {
  CallFilter,
  CallListShape,
  CallShape,
  DeliveryFilter,
  DeliveryListShape,
  EventListShape,
  EventShape,
  ExtensionListShape,
  ExtensionShape,
  ParticipantShape,
} from '../model/shape.ts';
import { type PageArgs, pageRequest } from './page-args.ts';
import { below, has, type Selection } from './selection.ts';

/** What fields are computed from that are no columns; null for one that needs them all. */
const COMPUTED: Readonly<Record<string, readonly string[] | null>> = {
  duration: ['offeredAt', 'endedAt'],
  parentIdentifiers: ['parentId'],
  capabilities: null,
  consultationIds: [],
};

/** The columns that the fields need, always in the same order: statements are told apart by their text. What is ready has the document's order. */
function fieldsOf(selection: Selection): { fields?: readonly string[] } {
  const needed = selection.map(({ name }) => (name in COMPUTED ? COMPUTED[name] : [name]));
  if (needed.includes(null)) return {};
  return { fields: [...new Set(needed.flatMap((names) => names ?? []))].sort() };
}

/** Computes a shape once for each selection: that of a compiled operation comes again with each request. */
function once<Shape>(shapeOf: (selection: Selection) => Shape): (selection: Selection) => Shape {
  const shapes = new WeakMap<Selection, Shape>();
  return (selection) => {
    const known = shapes.get(selection);
    if (known) return known;
    const shape = shapeOf(selection);
    shapes.set(selection, shape);
    return shape;
  };
}

/** The parts of a call that were asked for. */
export const callShape = once(
  (selection): CallShape => ({
    ...fieldsOf(selection),
    userData: has(selection, 'userData'),
    identifiers: has(selection, 'identifiers'),
    parentIdentifiers: has(selection, 'parentIdentifiers'),
    markers: has(selection, 'markers'),
    organization: has(selection, 'organization'),
    ...(has(selection, 'consultationIds') && { consultation: true }),
    ...(has(selection, 'participants') && {
      participants: participantShape(below(selection, 'participants')),
    }),
    // Which legs are one's own decides what one can do.
    ...(has(selection, 'capabilities') && {
      consultation: true,
      participants: { extension: {}, ...withAllFields(below(selection, 'participants')) },
    }),
  }),
);

const participantShape = (selection: Selection) => ({
  ...fieldsOf(selection),
  ...(has(selection, 'extension') && { extension: extensionShape(below(selection, 'extension')) }),
});

function withAllFields(selection: Selection): ParticipantShape {
  const { fields, ...parts } = participantShape(selection);
  return parts;
}

/** The parts of a rule that were asked for. */
export const eventShape = once(
  (selection): EventShape => ({
    ...fieldsOf(selection),
    ...(has(selection, 'extension') && {
      extension: extensionShape(below(selection, 'extension')),
    }),
    pages: Object.fromEntries(
      Object.entries(Object.groupBy(deliveryLists(selection), pageKeyOf)).map(
        ([key, same = []]) => [key, deliveryList(same[0]?.args ?? {}, below(same, 'deliveries'))],
      ),
    ),
  }),
);

const deliveryLists = (selection: Selection) =>
  selection.filter(({ name }) => name === 'deliveries');
const pageKeyOf = ({ name, args }: Selection[number]) => pageKey(name, args);

/** The parts of an extension that were asked for, and the lists below it, so that one statement brings all. */
export const extensionShape = once((selection): ExtensionShape => {
  const lists = selection.filter(({ name }) => name === 'calls' || name === 'phoneCallEvents');
  const keys = new Set(lists.map(({ name, args }) => pageKey(name, args)));
  const pages = [...keys].flatMap((key) => {
    const same = lists.filter(({ name, args }) => pageKey(name, args) === key);
    const [first] = same;
    if (!first) return [];
    const connection = same.flatMap((list) => list.below);
    const list = first.name === 'calls' ? callList : eventList;
    return [[key, list(first.args, connection)] as const];
  });
  return {
    ...fieldsOf(selection),
    owner: has(selection, 'owner'),
    pages: Object.fromEntries(pages),
  };
});

/** The name under which an extension carries a list that was asked for with these arguments. */
export const pageKey = (name: string, args: object) =>
  `${name} ${JSON.stringify(Object.entries(args).sort())}`;

/** What was asked for of the nodes of a connection, by way of edges or without. */
const nodes = once(
  (connection): Selection => [
    ...below(connection, 'nodes'),
    ...below(below(connection, 'edges'), 'node'),
  ],
);

/** What of its rows a page is asked for: ready for the answer, or as a shape. */
const rows = <Shape>(shapeOf: (selection: Selection) => Shape) =>
  once((connection): Shape | { readonly ready: ReadyShape } => {
    const fields = connection.find(({ ready }) => ready)?.ready;
    if (fields) return { ready: { fields, ends: has(connection, 'pageInfo') } };
    return shapeOf(nodes(connection));
  });
const callRows = rows(callShape);
const extensionRows = rows(extensionShape);
const eventRows = rows(eventShape);

const common = (
  kind: 'calls' | 'extensions' | 'events' | 'deliveries',
  args: PageArgs,
  connection: Selection,
) => ({
  page: pageRequest(kind, args),
  total: has(connection, 'totalCount'),
});

type CallListArgs = PageArgs & {
  readonly filter?: CallFilter | null | undefined;
  readonly states?: CallFilter['states'] | undefined;
};

/** Every leg is compared with each of them. */
const MOST_ALTERNATIVES = 50;

function withinBounds(filter: CallFilter): CallFilter {
  for (const [what, values] of Object.entries({
    numbers: filter.anyNumber,
    names: filter.anyName,
  })) {
    if ((values?.length ?? 0) <= MOST_ALTERNATIVES) continue;
    throw new GatewayError('BAD_INPUT', `A filter takes at most ${MOST_ALTERNATIVES} ${what}.`);
  }
  return filter;
}

/** A page of calls as it was asked for. */
export const callList = (args: CallListArgs, connection: Selection): CallListShape => ({
  of: 'calls',
  filter: withinBounds({ ...args.filter, ...(args.states && { states: args.states }) }),
  shape: callRows(connection),
  ...common('calls', args, connection),
});

/** A page of extensions as it was asked for. */
export const extensionList = (args: PageArgs, connection: Selection): ExtensionListShape => ({
  of: 'extensions',
  filter: {},
  shape: extensionRows(connection),
  ...common('extensions', args, connection),
});

function eventType(type: number | null | undefined): number | null {
  if (typeof type === 'number' && !isEventType(type)) throw new GatewayError('EVENT_TYPE_INVALID');
  return type ?? null;
}

type EventListArgs = PageArgs & { readonly type?: number | null | undefined };

/** A page of rules as it was asked for. */
export const eventList = (args: EventListArgs, connection: Selection): EventListShape => ({
  of: 'events',
  filter: { type: eventType(args.type) },
  shape: eventRows(connection),
  ...common('events', args, connection),
});

type DeliveryListArgs = PageArgs & Pick<DeliveryFilter, 'states'>;

/** A page of firings as it was asked for. */
export const deliveryList = (
  { states, ...args }: DeliveryListArgs,
  connection: Selection,
): DeliveryListShape => ({
  of: 'deliveries',
  filter: { states },
  ...common('deliveries', args, connection),
});
