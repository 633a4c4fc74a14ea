import { GatewayError } from '../model/errors.ts';
import { isUuid } from '../model/identifiers.ts';
import type { Cursor, PageRequest, PageView } from '../model/page.ts';
import { ReadyJson } from '../model/ready-json.ts';

/** Relay's arguments of a connection. */
export interface PageArgs {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
}

type Kind = 'calls' | 'extensions' | 'events' | 'deliveries' | 'audit' | 'erasures';

const DEFAULT_SIZE = 50;
/** The largest page that any server gives; the edge may allow less. */
export const LARGEST_PAGE = 5000;

const isMoment = (text: string) =>
  /^\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)$/.test(text) && !Number.isNaN(Date.parse(text));
const isSerial = (text: string) => /^\d{1,18}$/.test(text);
const isText = (text: string) => text.length <= 64;

/** What each value of a list's cursors looks like, in the order of its columns. */
const VALUES: Record<Kind, readonly ((text: string) => boolean)[]> = {
  calls: [isMoment, isUuid],
  extensions: [isText, isUuid],
  events: [isUuid],
  deliveries: [isMoment, isUuid],
  audit: [isSerial],
  erasures: [isUuid],
};

/** A page as the store wants it; refuses what makes no sense. */
export function pageRequest(kind: Kind, { first, after, last, before }: PageArgs): PageRequest {
  if (typeof first === 'number' && typeof last === 'number') {
    throw new GatewayError('BAD_INPUT', 'Ask for `first` or for `last`, not for both.');
  }
  const limit = first ?? last ?? DEFAULT_SIZE;
  if (limit < 0 || limit > LARGEST_PAGE) {
    throw new GatewayError('BAD_INPUT', `A page has 0 to ${LARGEST_PAGE} nodes.`);
  }
  return {
    limit,
    backward: typeof last === 'number',
    after: decodeCursor(kind, after, '`after`'),
    before: decodeCursor(kind, before, '`before`'),
  };
}

const encodeCursor = (cursor: Cursor) => Buffer.from(JSON.stringify(cursor)).toString('base64url');

function decodeCursor(kind: Kind, text: string | null | undefined, name: string): Cursor | null {
  if (typeof text !== 'string') return null;
  const values = VALUES[kind];
  const cursor = parsed(Buffer.from(text, 'base64url').toString());
  const fits = (value: unknown, index: number) =>
    typeof value === 'string' && !value.includes('\0') && values[index]?.(value) === true;
  if (Array.isArray(cursor) && cursor.length === values.length && cursor.every(fits)) return cursor;
  throw new GatewayError('BAD_INPUT', `${name} is not a cursor of this list.`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Its cursor is made when it is asked for: of a page of fifty that is often one. */
class Edge<Node> {
  readonly node: Node;
  readonly #cursorOf: (node: Node) => Cursor;

  constructor(node: Node, cursorOf: (node: Node) => Cursor) {
    this.node = node;
    this.#cursorOf = cursorOf;
  }

  get cursor(): string {
    return encodeCursor(this.#cursorOf(this.node));
  }
}

/** Relay's connection of a page that was read with one row more than its limit. */
export function connectionOf<Node>(
  view: PageView<unknown>,
  { limit, backward, after, before }: PageRequest,
  cursorOf: (node: Node) => Cursor,
) {
  const more = view.rows.length > limit;
  const start = more && backward ? 1 : 0;
  // The store has read what the list's shape says.
  const nodes = view.rows.slice(start, start + limit) as Node[];
  const edges = nodes.map((node) => new Edge(node, cursorOf));
  return {
    edges,
    totalCount: view.total ?? null,
    ...(view.ready !== undefined && { ready: new ReadyJson(view.ready ?? '[]') }),
    pageInfo: {
      hasNextPage: backward ? before !== null : more,
      hasPreviousPage: backward ? more : after !== null,
      get startCursor() {
        return edges[0]?.cursor ?? null;
      },
      get endCursor() {
        return edges.at(-1)?.cursor ?? null;
      },
    },
  };
}
