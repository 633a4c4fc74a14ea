import { createLog } from '../feed/log.ts';
import { GatewayError } from '../model/errors.ts';
import { decodeExportPosition, detailRecord, encodeExportPosition } from '../model/export.ts';
import type { Json } from '../model/json.ts';
import type { Visibility } from '../model/visibility.ts';
import type { Database } from '../store/database.ts';
import { readExport } from '../store/queries/export.ts';

/** So many records are in memory at a time. */
const BATCH = 500;

/** Which records: an organization's, after some place. */
export type RecordRange = {
  readonly organizationId: string;
  /** The database's life. */
  readonly epoch: string;
  /** The last record that arrived; null begins with the first. */
  readonly after: { readonly xid: string; readonly callId: string } | null;
};

/** Some call detail records, in order. */
export type RecordBatch = readonly Readonly<Record<string, Json>>[];

/** The records after a position, or all when it is null. Refuses a position of another life of the database. */
export async function rangeAfter(
  database: Database,
  organizationId: string,
  position: string | null,
): Promise<RecordRange> {
  const { epoch } = await createLog(database).before(0);
  if (position === null) return { organizationId, epoch, after: null };
  const { xid, callId, ...of } = decodeExportPosition(position);
  if (of.epoch === epoch) return { organizationId, epoch, after: { xid, callId } };
  throw new GatewayError(
    'BAD_INPUT',
    'The position is of another life of the database: begin anew.',
  );
}

/**
 * Call detail records of an organization, a batch at a time as they are taken: what was there when it began, and what
 * has ended meanwhile. A record that changes after its end comes once more, later.
 */
export async function* readRecords(
  database: Database,
  visibility: Visibility,
  { organizationId, epoch, after: begin }: RecordRange,
): AsyncGenerator<RecordBatch> {
  for (let after = begin; ; ) {
    const range = { organizationId, visibility, after, limit: BATCH };
    const rows = await readExport(database, range);
    const last = rows.at(-1);
    if (!last) return;
    yield rows.map(({ xid, call }) =>
      detailRecord(call, encodeExportPosition({ epoch, xid, callId: call.id })),
    );
    after = { xid: last.xid, callId: last.call.id };
  }
}
