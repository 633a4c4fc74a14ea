import { stringify } from 'csv-stringify/sync';
import { RECORD_FIELDS } from '../model/export.ts';
import type { RecordBatch } from './export-calls.ts';

/** How records are written. */
export const EXPORT_FORMATS = {
  ndjson: { contentType: 'application/x-ndjson; charset=UTF-8', write: ndjsonOf },
  csv: { contentType: 'text/csv; charset=UTF-8; header=present', write: csvOf },
} as const;
export type ExportFormat = keyof typeof EXPORT_FORMATS;

export const isExportFormat = (text: string): text is ExportFormat =>
  Object.hasOwn(EXPORT_FORMATS, text);

/** Records as text, a batch at a time. */
export async function* written(
  batches: AsyncIterable<RecordBatch>,
  format: ExportFormat,
): AsyncGenerator<string> {
  const { write } = EXPORT_FORMATS[format];
  let isFirst = true;
  for await (const batch of batches) {
    yield write(batch, isFirst);
    isFirst = false;
  }
  // An empty export has its header, too.
  if (isFirst) yield write([], true);
}

function ndjsonOf(batch: RecordBatch): string {
  return batch.map((record) => `${JSON.stringify(record)}\n`).join('');
}

/** RFC 4180; lists and objects are JSON in their fields. */
function csvOf(batch: RecordBatch, isFirst: boolean): string {
  return stringify([...batch], {
    columns: [...RECORD_FIELDS],
    header: isFirst,
    record_delimiter: 'windows',
    cast: { boolean: String },
  });
}
