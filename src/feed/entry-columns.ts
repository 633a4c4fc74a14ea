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

/** A list for each column. */
type Columns<Row> = { readonly [Name in keyof Row]: readonly Row[Name][] };

/** Entries, as `ENTRY_COLUMNS` gives them. */
export interface EntryColumns {
  /** Null when there are none. */
  readonly entries: Columns<Place & ChangeHead> | null;
  /** One after another, with separators between them; empty for DELETED. */
  readonly calls: string | null;
}

/** Of rows of the log in order. Columns, as Postgres finds out how to write a type once for all of a list. */
export const ENTRY_COLUMNS = sql`
  case when count(*) > 0 then json_build_object('xid', json_agg(xid::text), 'id', json_agg(id::text),
    'organizationId', json_agg(organization_id), 'callId', json_agg(call_id), 'version', json_agg(version),
    'kind', json_agg(kind), 'occurredAt', json_agg(occurred_at), 'dtmf', json_agg(dtmf),
    'extensionIds', json_agg(extension_ids), 'ownerIds', json_agg(owner_ids)) end as entries,
  string_agg(coalesce(state::text, ''), E'\\x1e') as calls`;

/** JSON has none as it is: in a text it stands as `\u001e`. */
const SEPARATOR = 0x1e;

/** The entries again. */
export function entriesOf({ entries, calls }: EntryColumns, epoch: string): Entry[] {
  if (!entries) return [];
  const texts = partsOf(calls ?? '');
  return entries.xid.map((xid, index) => {
    const at = placed(epoch, { xid, id: entries.id[index] ?? '' });
    const text = texts[index];
    return keptEntry(at, headAt(entries, index), text ? new KeptCall(text) : null);
  });
}

function headAt(columns: Columns<ChangeHead>, index: number): ChangeHead {
  const cell = <Value>(values: readonly Value[]) => values[index] as Value; // all lists are of one length
  return {
    organizationId: cell(columns.organizationId),
    callId: cell(columns.callId),
    version: cell(columns.version),
    kind: cell(columns.kind),
    occurredAt: cell(columns.occurredAt),
    dtmf: cell(columns.dtmf),
    extensionIds: cell(columns.extensionIds),
    ownerIds: cell(columns.ownerIds),
  };
}

/** Each a text of its own: a part of a longer one keeps all of that, and in it what is erased from another call. */
function partsOf(text: string): string[] {
  const bytes = Buffer.from(text);
  const parts: string[] = [];
  for (let start = 0; start <= bytes.length; ) {
    const found = bytes.indexOf(SEPARATOR, start);
    const end = found < 0 ? bytes.length : found;
    parts.push(bytes.toString('utf8', start, end));
    start = end + 1;
  }
  return parts;
}
