import type { Done } from './audit.ts';
import type { RecordBatch } from './read-records.ts';

/** How the audit log tells of an export. */
interface Telling {
  /** What both of its entries begin with: the organization's id, and its own. */
  readonly subjects: readonly string[];
  /** Writes an entry. */
  readonly write: (done: Done) => Promise<unknown>;
  /** The records are out, and the entry that says how many could not be written. */
  readonly onError: (error: unknown) => void;
}

/** Gives records on; when they come to their end, or are broken off, the audit log is told how many have gone out. */
export async function* auditedExport(
  batches: AsyncIterable<RecordBatch>,
  { subjects, write, onError }: Telling,
): AsyncGenerator<RecordBatch> {
  let records = 0;
  let last: unknown;
  let result = 'BROKEN_OFF';
  try {
    for await (const batch of batches) {
      // Counted before: whoever breaks off may have got some of the batch.
      records += batch.length;
      last = batch.at(-1)?.['position'];
      yield batch;
    }
    result = 'OK';
  } finally {
    const upTo = last === undefined ? [] : [`last=${last}`];
    const done = {
      operation: 'exportCalls',
      subjects: [...subjects, `records=${records}`, ...upTo],
      result,
    };
    await write(done).catch(onError);
  }
}
