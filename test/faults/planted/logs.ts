import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { type Entry, entryOf } from '../../../src/feed/entry.ts';
import type { Change } from '../../../src/feed/feed.ts';
import { type Log, later } from '../../../src/feed/log.ts';
import type { Database } from '../../../src/store/database.ts';
import type { Fault } from './fault.ts';

type LogFault = Fault<(log: Log, database: Database) => Log>;

/** Positions say nothing but the id. */
const NO_XID = 1n;
/** From look to look, so that there are batches. */
const BATCHING_MS = 50;

/** What is committed with a lower id than has been read already never comes. */
const cursorOnId = (log: Log, database: Database): Log => ({
  before: async (count) => {
    const { epoch } = await log.before(0);
    const [last] = await database.rows<{ id: string }>(
      sql`select greatest(coalesce(max(id), 0) - ${count}::int, 0)::text as id from call_changes`,
    );
    return { epoch, xid: NO_XID, id: BigInt(last?.id ?? 0) };
  },
  after: async (position) => {
    const { head, oldest } = await log.after({ ...position, xid: 2n ** 60n });
    const rows = await database.rows<Change & { logId: string }>(sql`
      select id::text as "logId", organization_id as "organizationId", call_id as "callId", version, kind,
        occurred_at as "occurredAt", state as call, extension_ids as "extensionIds", owner_ids as "ownerIds"
      from call_changes where id > ${String(position.id)}::bigint order by id`);
    const entries = rows.map(({ logId, ...change }) =>
      entryOf({ epoch: head.epoch, xid: NO_XID, id: BigInt(logId) }, change),
    );
    const last = entries.at(-1)?.at ?? { epoch: head.epoch, xid: NO_XID, id: position.id };
    return {
      ...{ entries, head: last, end: last, horizon: 0n, oldest, blocked: false },
      future: 2n,
    };
  },
  live: async (visibility, filter, after) => {
    const { calls, isLast, head } = await log.live(visibility, filter, after);
    const [last] = await database.rows<{ id: string }>(
      sql`select coalesce(max(id), 0)::text as id from call_changes`,
    );
    return {
      ...{ calls, isLast },
      head: { ...head, xid: NO_XID, id: BigInt(last?.id ?? 0) },
      xmax: 0n,
    };
  },
});

/** The positions ascend, or a reader would never end; what stands at them is the wrong way round. */
const unsortedBatch = (log: Log): Log => ({
  ...log,
  after: async (position, most) => {
    await sleep(BATCHING_MS);
    const found = await log.after(position, most);
    const turned = found.entries.toReversed();
    const entries = found.entries.map(({ at }, place) => ({ ...(turned[place] as Entry), at }));
    return { ...found, entries };
  },
});

/** A look goes on from behind whatever was running at the time. */
const headAboveHorizon = (log: Log, database: Database): Log => ({
  ...log,
  after: async (position, most) => {
    const found = await log.after(position, most);
    const [row] = await database.rows<{ next: string }>(
      sql`select pg_snapshot_xmax(pg_current_snapshot())::text as next`,
    );
    const head = { ...found.head, xid: BigInt(row?.next ?? 0), id: 0n };
    return { ...found, head, future: head.xid + 1n };
  },
});

/** The bookmark after a snapshot claims what was running when the snapshot was made. */
const snapshotClaimsTooMuch = (log: Log): Log => ({
  ...log,
  after: async (position, most) => {
    const found = await log.after(position, most);
    return { ...found, future: later(found.end, position).xid + 1n };
  },
  live: async (visibility, filter, after) => {
    const found = await log.live(visibility, filter, after);
    return { ...found, head: { ...found.head, xid: found.xmax } };
  },
});

/** Faults of how the log is read. */
export const LOG_FAULTS = {
  'cursor-on-id': { shows: 'LOST', seed: 1, plant: cursorOnId },
  'unsorted-batch': { shows: 'DISORDERED', seed: 1, plant: unsortedBatch },
  'head-above-horizon': { shows: 'LOST', seed: 1, plant: headAboveHorizon },
  'snapshot-claims-too-much': { shows: 'LOST', seed: 1, plant: snapshotClaimsTooMuch },
} as const satisfies Record<string, LogFault>;
