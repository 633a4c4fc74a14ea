import type { z } from 'zod';
import type { Route } from '../../dialect.ts';

/** What the document says of a row of the route table, besides what the row itself says. */
export interface Docs {
  readonly tag: 'PhoneCalls' | 'PhoneCallEvents' | 'Presence';
  readonly summary: string;
  /** Names of `QUERY`. */
  readonly query?: readonly QueryName[];
  readonly body?: z.ZodObject;
  /** A schema of `SCHEMAS`, or a list of it. */
  readonly gives: SchemaName | readonly [SchemaName];
  /** Whether there may be nothing to give. */
  readonly mayBeEmpty?: boolean;
}

/** What is answered with; each is a schema of the document. */
export const SCHEMA_NAMES = [
  ...(['PhoneCall', 'PhoneCalls', 'PhoneCallEvent', 'PhoneCallEvents', 'EventReceipt'] as const),
  ...(['Presence', 'Id', 'Error'] as const),
] as const;
export type SchemaName = (typeof SCHEMA_NAMES)[number];

/** Parameters of queries, with what each means and may be. */
export const QUERY = {
  count: ['The page size: 20 by default.', { type: 'integer', minimum: 1, maximum: 5000 }],
  startIndex: [
    'Where the page begins: 0 by default.',
    { type: 'integer', minimum: 0, maximum: 5000 },
  ],
  fields: ['Names of fields, with commas between; all by default.', { type: 'string' }],
  filterBy: ['The field that is compared.', { type: 'string' }],
  filterOp: [
    'How it is compared: an id by equals, all else by contains where nothing is said.',
    {
      type: 'string',
      enum: ['equals', 'contains', 'startsWith', 'present', 'greaterThan', 'lessThan', 'inArray'],
    },
  ],
  filterValue: ['What it is compared with; for inArray with commas between.', { type: 'string' }],
  sortOrder: [
    'Ascending by default.',
    { type: 'string', enum: ['ascending', 'descending', 'asc', 'desc'] },
  ],
  phoneNumber: [
    'Ends only the leg with this number.',
    { type: 'string', pattern: String.raw`^\+?\d{1,32}$` },
  ],
  waitForPickup: [
    'How many seconds it rings; as the switch does by default.',
    { type: 'integer', minimum: 1, maximum: 300 },
  ],
  callDuration: [
    'How many seconds the call may last, ringing included; as the switch does by default.',
    { type: 'integer', minimum: 1, maximum: 86_400 },
  ],
  number: ['A conference that was scheduled: 501, for no switch has any.', { type: 'string' }],
  pin: ['Of a conference that was scheduled: 501.', { type: 'string' }],
  allowPublicTransfer: ['Left to the switch.', { type: 'boolean' }],
  video: ['Left to the switch.', { type: 'boolean' }],
} as const satisfies Record<string, readonly [meaning: string, schema: object]>;
export type QueryName = keyof typeof QUERY;

/** Standard-Request-Parameters that choose none of many: taken everywhere, and of no effect where there is no list. */
export const CHOOSING_NOTHING = [
  ...(['count', 'startIndex', 'fields', 'sortOrder'] as const),
] as const satisfies readonly QueryName[];

/** Standard-Request-Parameters. */
export const STANDARD = [
  ...CHOOSING_NOTHING,
  ...(['filterBy', 'filterOp', 'filterValue'] as const),
] as const satisfies readonly QueryName[];

const docs = new WeakMap<Route, Docs>();

/** Says of a row what the document tells of it. */
export function documented(about: Docs, route: Route): Route {
  docs.set(route, about);
  return route;
}

/** What was said of a row; a row of which nothing was said is a bug. */
export function docsOf(route: Route): Docs {
  const about = docs.get(route);
  if (about) return about;
  throw new Error(`Nothing is documented of ${route.methods.join()} ${route.path}.`);
}
