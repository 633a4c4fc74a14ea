import { sql } from 'drizzle-orm';
import { type ChangeHead, type Entry, keptEntry } from './entry.ts';
import { KeptCall } from './kept-call.ts';
import type { Position } from './position.ts';

/** Where an entry stands in the log. */
export interface Place {
  readonly xid: string;
  readonly id: string;
}

/** The place as a position of this life of the database. */
export const placed = (epoch: string, { xid, id }: Place): Position => ({
  ...{ epoch, xid: BigInt(xid), id: BigInt(id) },
});

/** A row of the log, as `ENTRY_COLUMNS` gives it. */
export interface EntryRow extends Place, ChangeHead {
  /** As JSON; null for DELETED. */
  readonly call: string | null;
}

/** Of the table by itself. */
export const ENTRY_COLUMNS = sql`xid::text, id::text, organization_id as "organizationId", call_id as "callId", version,
  kind, to_json(occurred_at) as "occurredAt", dtmf, to_json(extension_ids) as "extensionIds",
  to_json(owner_ids) as "ownerIds", state::text as call`;

/** The entry of a row. */
export const entryIn = (row: EntryRow, epoch: string): Entry =>
  keptEntry(placed(epoch, row), row, row.call === null ? null : new KeptCall(row.call));
