import { stringify } from 'csv-stringify/sync';
import { RECORD_FIELDS } from '../model/export.ts';
import type { RecordBatch } from './read-records.ts';

/** How records are written. */
export const EXPORT_FORMATS = {
  ndjson: { contentType: 'application/x-ndjson; charset=UTF-8', write: ndjsonOf },
  csv: { contentType: 'text/csv; charset=UTF-8', write: csvOf },
} as const;
export type ExportFormat = keyof typeof EXPORT_FORMATS;

export const isExportFormat = (text: string): text is ExportFormat =>
  Object.hasOwn(EXPORT_FORMATS, text);

/** The media type of an export (RFC 4180, `header`): what goes on after a position has no header in its midst. */
export function contentTypeOf(format: ExportFormat, after: string | null): string {
  const { contentType } = EXPORT_FORMATS[format];
  if (format === 'ndjson') return contentType;
  return `${contentType}; header=${after === null ? 'present' : 'absent'}`;
}

/** Records as text, a batch at a time; with a header, where the format has one, unless they go on after a position. */
export async function* written(
  batches: AsyncIterable<RecordBatch>,
  format: ExportFormat,
  after: string | null,
): AsyncGenerator<string> {
  const { write } = EXPORT_FORMATS[format];
  let withHeader = after === null;
  for await (const batch of batches) {
    yield write(batch, withHeader);
    withHeader = false;
  }
  // An empty export has its header, too.
  if (withHeader) yield write([], true);
}

function ndjsonOf(batch: RecordBatch): string {
  return batch.map((record) => `${JSON.stringify(record)}\n`).join('');
}

/** RFC 4180; lists and objects are JSON in their fields. */
function csvOf(batch: RecordBatch, withHeader: boolean): string {
  return stringify([...batch], {
    columns: [...RECORD_FIELDS],
    header: withHeader,
    record_delimiter: 'windows',
    cast: { boolean: String },
  });
}
