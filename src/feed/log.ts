import { sql } from 'drizzle-orm';
import type { CallView } from '../model/call.ts';
import { WHOLE_CALL } from '../model/shape.ts';
import type { Visibility } from '../model/visibility.ts';
import type { Database } from '../store/database.ts';
import { callMatches } from '../store/queries/conditions.ts';
import { callJson } from '../store/queries/json.ts';
import type { Entry } from './entry.ts';
import { ENTRY_COLUMNS, type EntryRow, entryIn, type Place, placed } from './entry-row.ts';
import type { ChangeFilter } from './feed.ts';
import { epochOf, LIFE, MARK } from './life.ts';
import { comparePositions, type Position } from './position.ts';

/** Entries in order, and the position after them. */
export interface Batch {
  readonly entries: readonly Entry[];
  /** Of an entry that is in the log for good: what a crash takes back, no position may name. */
  readonly head: Position;
  /** No entry that comes after the head is of a transaction below it. */
  readonly horizon: bigint;
}

/** What one look at the log gives. */
export interface Look extends Batch {
  /** From here on nothing is missing. */
  readonly oldest: Position;
  /** Where the log ends for now; further back than before when the last call's entries were erased. */
  readonly end: Position;
  /** What is committed is of transactions below it; a position that is not is of another life of the database. */
  readonly future: bigint;
  /** Whether committed entries wait for an older transaction to end. */
  readonly blocked: boolean;
}

/** Some of what is live, and the position from which changes continue it. */
export interface LivePage {
  readonly calls: readonly CallView[];
  /** Whether these are all that come after the call that was named. */
  readonly isLast: boolean;
  readonly head: Position;
  /** Entries of transactions at or above it cannot be in the snapshot. */
  readonly xmax: bigint;
}

/** The log in Postgres. */
export interface Log {
  /** Entries after a position, oldest first, and so many at most; default 1000. */
  after(position: Position, most?: number): Promise<Look>;
  /** The position before so many entries at the end, or before all that there are. */
  before(entries: number): Promise<Position>;
  /** Calls that are live now, a page of them: the first, or what comes after a call. */
  live(visibility: Visibility, filter: ChangeFilter, after?: CallView): Promise<LivePage>;
}

const PAGE = 100;

interface LookHead {
  readonly mark: string;
  /** Null when the mark is the one that was known. */
  readonly life: string | null;
  readonly horizon: string;
  readonly blocked: boolean;
  readonly end: Place;
  readonly oldest: Place;
}

/** The first row has what the look says of the log; without entries there is but that one, and all else in it is null. */
type LookRow = { readonly head: LookHead | null; readonly nth: number } & (
  | EntryRow
  | { readonly xid: null }
);

interface LiveRow {
  readonly epoch: string;
  readonly end: Place;
  readonly xmax: string;
  readonly calls: readonly CallView[];
}

const HORIZON = sql`pg_snapshot_xmin(pg_current_snapshot())`;

/** A place that a position may name: not the horizon, for a crash may give transactions' numbers out once more. */
const END = sql`(select coalesce(
  (select json_build_object('xid', l.xid::text, 'id', l.id::text) from call_changes l
    where l.xid < ${HORIZON} order by l.xid desc, l.id desc limit 1),
  (select json_build_object('xid', trimmed_xid::text, 'id', trimmed_id::text) from feed_state)))`;

/** By the end of the index: without statistics `exists` would read the whole log to find that nothing waits. */
const BLOCKED = sql`coalesce(
  (select l.xid >= ${HORIZON} from call_changes l order by l.xid desc, l.id desc limit 1), false)`;

/** The log of a database. */
export function createLog(database: Database): Log {
  let known = { mark: '', epoch: '' };
  return {
    async after(position, most = 1000) {
      const { mark, epoch: same } = known;
      const rows = await lookAfter(database, { position, most, mark });
      // That they come in order is no promise of Postgres.
      rows.sort((a, b) => a.nth - b.nth);
      const head = rows[0]?.head;
      if (!head) throw new Error(NOT_MIGRATED);
      const epoch = head.life === null ? same : epochOf(head.life);
      known = { mark: head.mark, epoch };
      const entries = rows.flatMap((row) => (row.xid === null ? [] : [entryIn(row, epoch)]));
      return lookOf(head, { epoch, entries, isFull: entries.length === most });
    },
    before: (count) => placeBefore(database, count),
    live: (...wanted) => livePage(database, ...wanted),
  };
}

interface LookRequest {
  readonly position: Position;
  readonly most: number;
  /** Of the life that is known. */
  readonly mark: string;
}

/** Rows, not one with all of them: for a text of some hundred kB Postgres takes memory from the system each time. */
const lookAfter = (
  database: Database,
  { position: { xid, id }, most, mark }: LookRequest,
): Promise<LookRow[]> =>
  database.rows(sql`
    with m as materialized (select ${MARK} as mark), h as materialized (
      select json_build_object('mark', m.mark, 'life', case when m.mark = ${mark} then null else ${LIFE} end,
        'horizon', ${HORIZON}::text, 'blocked', ${BLOCKED}, 'end', ${END},
        'oldest', json_build_object('xid', f.trimmed_xid::text, 'id', f.trimmed_id::text)) as head
      from feed_state f, m
    )
    select case when e.nth > 1 then null else h.head end as head, e.*
    from h left join lateral (
      select (row_number() over (order by xid, id))::int as nth, ${ENTRY_COLUMNS} from (select * from call_changes
        where (xid, id) > (${String(xid)}::xid8, ${String(id)}::bigint) and xid < ${HORIZON}
        order by xid, id limit ${most}) l) e on true`);

interface Read {
  readonly epoch: string;
  readonly entries: readonly Entry[];
  /** Whether there may be more. */
  readonly isFull: boolean;
}

function lookOf(head: LookHead, { epoch, entries, isFull }: Read): Look {
  const end = placed(epoch, head.end);
  const last = isFull ? entries.at(-1)?.at : undefined;
  const future = BigInt(head.horizon);
  const horizon = last?.xid ?? future;
  const oldest = placed(epoch, head.oldest);
  return { entries, head: last ?? end, end, future, horizon, oldest, blocked: head.blocked };
}

async function placeBefore(database: Database, count: number): Promise<Position> {
  const [row] = await database.rows<{ epoch: string; place: Place }>(sql`
      select ${LIFE} as epoch, coalesce(
        (select json_build_object('xid', l.xid::text, 'id', l.id::text) from call_changes l
          where l.xid < ${HORIZON} order by l.xid desc, l.id desc offset ${count} limit 1),
        json_build_object('xid', f.trimmed_xid::text, 'id', f.trimmed_id::text)) as place
      from feed_state f`);
  if (!row) throw new Error(NOT_MIGRATED);
  return placed(epochOf(row.epoch), row.place);
}

async function livePage(
  database: Database,
  visibility: Visibility,
  filter: ChangeFilter,
  last?: CallView,
): Promise<LivePage> {
  const states = filter.states?.filter((state) => state !== 'ENDED');
  const wanted = { states: states ?? ['DIALING', 'RINGING', 'CONNECTED', 'HELD'] } as const;
  const ids = filter.callIds ? sql`and c.id = any(${sql.param(filter.callIds)}::uuid[])` : sql``;
  const extensions = filter.extensionIds
    ? sql`and exists (select from participants x where x.call_id = c.id
          and x.extension_id = any(${sql.param(filter.extensionIds)}::uuid[]))`
    : sql``;
  const next = last
    ? sql`and (c.offered_at, c.id) > (${last.offeredAt}::timestamptz, ${last.id}::uuid)`
    : sql``;
  const [row] = await database.rows<LiveRow>(sql`
      select ${LIFE} as epoch, ${END} as end, pg_snapshot_xmax(pg_current_snapshot())::text as xmax,
        (select coalesce(json_agg(${callJson(WHOLE_CALL)} order by c.offered_at, c.id), '[]') from (
          select c.* from calls c
          where ${callMatches(wanted, visibility)} and c.state <> 'ENDED' ${ids} ${extensions} ${next}
          order by c.offered_at, c.id limit ${PAGE}) c) as calls`);
  if (!row) throw new Error('A select without a from clause gave no row.');
  const head = placed(epochOf(row.epoch), row.end);
  return { calls: row.calls, isLast: row.calls.length < PAGE, head, xmax: BigInt(row.xmax) };
}

const NOT_MIGRATED = 'The database has no feed_state: it is not migrated.';

/** The later of two positions of one life. */
export const later = (a: Position, b: Position) => (comparePositions(a, b) < 0 ? b : a);
