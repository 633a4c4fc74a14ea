import { createLog } from '../feed/log.ts';
import { GatewayError } from '../model/errors.ts';
import { decodeExportPosition, detailRecord, encodeExportPosition } from '../model/export.ts';
import type { Json } from '../model/json.ts';
import type { Visibility } from '../model/visibility.ts';
import type { Database } from '../store/database.ts';
import { readExport } from '../store/queries/export.ts';

/** So many records are in memory at a time. */
const BATCH = 500;

interface Export {
  readonly database: Database;
  /** Whose calls. */
  readonly organizationId: string;
  readonly visibility: Visibility;
  /** The position of the last record that arrived; null begins with the first. */
  readonly after: string | null;
}

/** Some call detail records, in order. */
export type RecordBatch = readonly Readonly<Record<string, Json>>[];

/**
 * Call detail records of an organization, a batch at a time as they are taken: what was there when it began, and what
 * has ended meanwhile. A record that changes after its end comes once more, later. Refuses a position of another life.
 */
export async function startExport(options: Export): Promise<AsyncGenerator<RecordBatch>> {
  const { epoch } = await createLog(options.database).before(0);
  const after = options.after === null ? null : decodeExportPosition(options.after);
  if (after && after.epoch !== epoch) {
    throw new GatewayError(
      'BAD_INPUT',
      'The position is of another life of the database: begin anew.',
    );
  }
  return recordsOf(options, epoch, after);
}

async function* recordsOf(
  { database, organizationId, visibility }: Export,
  epoch: string,
  begin: { readonly xid: string; readonly callId: string } | null,
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
