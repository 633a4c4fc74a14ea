import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { CallView } from '../model/call.ts';
import { WHOLE_CALL } from '../model/shape.ts';
import type { Visibility } from '../model/visibility.ts';
import type { Database } from '../store/database.ts';
import { callMatches } from '../store/queries/conditions.ts';
import { callJson } from '../store/queries/json.ts';
import type { Change, ChangeFilter, ChangeMessage } from './feed.ts';
import { comparePositions, encodePosition, type Position } from './position.ts';

/** An entry, where it stands, and the one message that all its readers get. */
export interface Entry {
  readonly at: Position;
  readonly message: ChangeMessage;
}

export const entryOf = (at: Position, change: Change): Entry => ({
  at,
  message: { type: 'CHANGE', change, position: encodePosition(at) },
});

/** Entries in order, and the position after them. */
export interface Batch {
  readonly entries: readonly Entry[];
  readonly head: Position;
  /** The oldest position from which nothing is missing; absent when nothing is missing from the one asked for. */
  readonly oldest?: Position;
}

/** What one look at the log gives. */
export interface Look extends Batch {
  readonly oldest: Position;
  /** Whether committed entries wait for an older transaction to end. */
  readonly blocked: boolean;
}

/** What is live, and the position from which changes continue it. */
export interface LiveSnapshot {
  readonly calls: readonly CallView[];
  readonly head: Position;
  /** Entries of transactions at or above it cannot be in the snapshot. */
  readonly xmax: bigint;
}

/** The log in Postgres. */
export interface Log {
  /** Entries after a position, oldest first. */
  after(position: Position): Promise<Look>;
  live(visibility: Visibility, filter: ChangeFilter): Promise<LiveSnapshot>;
}

const BATCH = 1000;

interface LookRow {
  readonly epoch: string;
  readonly horizon: string;
  readonly blocked: boolean;
  readonly trimmedXid: string;
  readonly trimmedId: string;
  readonly entries: readonly (Change & { xid: string; id: string })[];
}

/**
 * The database's life: cluster, timeline, database and incarnation. A restore, a promotion or a new
 * directory begins another one, in which old positions mean nothing.
 */
const LIFE = sql`(select concat_ws('/', s.system_identifier, k.timeline_id, d.oid, f.incarnation)
  from pg_control_system() s, pg_control_checkpoint() k, pg_database d, feed_state f
  where d.datname = current_database())`;

const HORIZON = sql`pg_snapshot_xmin(pg_current_snapshot())`;

const epochOf = (life: string) => createHash('sha256').update(life).digest('hex').slice(0, 12);

export const createLog = (database: Database): Log => ({
  async after({ xid, id }) {
    const [row] = await database.rows<LookRow>(sql`
      select ${LIFE} as epoch, ${HORIZON}::text as horizon,
        exists (select from call_changes where xid >= ${HORIZON}) as blocked,
        f.trimmed_xid::text as "trimmedXid", f.trimmed_id::text as "trimmedId",
        (select coalesce(json_agg(t), '[]') from (
          select xid::text, id::text, organization_id as "organizationId", call_id as "callId", version, kind,
            occurred_at as "occurredAt", state as call, extension_ids as "extensionIds", owner_ids as "ownerIds"
          from call_changes
          where (xid, id) > (${String(xid)}::xid8, ${String(id)}::bigint) and xid < ${HORIZON}
          order by call_changes.xid, call_changes.id limit ${BATCH}) t) as entries
      from feed_state f`);
    if (!row) throw new Error('The database has no feed_state: it is not migrated.');
    const epoch = epochOf(row.epoch);
    const entries = row.entries.map(({ xid: entryXid, id: entryId, ...change }) =>
      entryOf({ epoch, xid: BigInt(entryXid), id: BigInt(entryId) }, change),
    );
    const horizon = { epoch, xid: BigInt(row.horizon), id: 0n };
    const last = entries.length === BATCH ? entries.at(-1)?.at : undefined;
    const oldest = { epoch, xid: BigInt(row.trimmedXid), id: BigInt(row.trimmedId) };
    return { entries, head: last ?? horizon, oldest, blocked: row.blocked };
  },

  async live(visibility, filter) {
    const states = filter.states?.filter((state) => state !== 'ENDED');
    const wanted = { states: states ?? ['DIALING', 'RINGING', 'CONNECTED', 'HELD'] } as const;
    const ids = filter.callIds ? sql`and c.id = any(${sql.param(filter.callIds)}::uuid[])` : sql``;
    const extensions = filter.extensionIds
      ? sql`and exists (select from participants x where x.call_id = c.id
          and x.extension_id = any(${sql.param(filter.extensionIds)}::uuid[]))`
      : sql``;
    const [row] = await database.rows<{
      epoch: string;
      horizon: string;
      xmax: string;
      calls: CallView[];
    }>(sql`
      select ${LIFE} as epoch, ${HORIZON}::text as horizon,
        pg_snapshot_xmax(pg_current_snapshot())::text as xmax,
        (select coalesce(json_agg(${callJson(WHOLE_CALL)} order by c.offered_at, c.id), '[]') from calls c
          where ${callMatches(wanted, visibility)} and c.state <> 'ENDED' ${ids} ${extensions}) as calls`);
    if (!row) throw new Error('A select without a from clause gave no row.');
    const head = { epoch: epochOf(row.epoch), xid: BigInt(row.horizon), id: 0n };
    return { calls: row.calls, head, xmax: BigInt(row.xmax) };
  },
});

/** The later of two positions of one life. */
export const later = (a: Position, b: Position) => (comparePositions(a, b) < 0 ? b : a);
