import { sql } from 'drizzle-orm';
import type { Database, Executor } from '../store/database.ts';
import type { Entry } from './entry.ts';
import { collectFaults, type Faults } from './faults.ts';
import type { UnreadableLine } from './lines.ts';
import { openPending } from './pending.ts';
import { readEntries } from './read-entries.ts';
import type { RecordType } from './record.ts';
import { describe } from './references.ts';
import { RECORD_TYPES, writeEntries } from './write-entries.ts';

/** How far an import is: lines read and records of each type written, of which all stay or none. */
export interface ImportProgress {
  readonly lines: number;
  readonly records: Readonly<Record<RecordType, number>>;
}

/** What an import reads and where it writes. */
export interface ImportOptions {
  readonly database: Database;
  /** NDJSON, in any order: a line may name what only a later one has. */
  readonly lines: AsyncIterable<string | UnreadableLine>;
  /** Called about every thousand lines. */
  readonly onProgress?: (progress: ImportProgress) => void;
}

/**
 * Imports a file in one transaction.
 * @throws {ImportRefused} naming each faulty line, with nothing written.
 */
export function importFile(options: ImportOptions): Promise<ImportProgress> {
  return options.database.transaction(async (tx) => {
    const faults = collectFaults();
    const result = await importLines(tx, options, faults);
    faults.refuse();
    // Nobody else does on the embedded Postgres, and plans for empty tables would be slow ones.
    if (result.records.call > 0) await tx.rows(ANALYZE);
    return result;
  });
}

const ANALYZE = sql`analyze users, extensions, calls, participants, call_identifiers`;

async function importLines(
  tx: Executor,
  { lines, onProgress }: ImportOptions,
  faults: Faults,
): Promise<ImportProgress> {
  let read = 0;
  const records = { organization: 0, user: 0, app: 0, extension: 0, call: 0, phoneCallEvent: 0 };
  const write = async (entries: readonly Entry[]) => {
    const unresolved = await writeEntries(tx, entries, faults);
    for (const { record } of entries) records[record.type] += 1;
    for (const { entry } of unresolved) records[entry.record.type] -= 1;
    onProgress?.({ lines: read, records: { ...records } });
    return unresolved;
  };
  const pending = await openPending(tx);
  for await (const { entries, lastLine } of readEntries(lines, faults)) {
    read = lastLine;
    await pending.put((await write(entries)).map(({ entry }) => entry));
  }
  // Now everything is there that can be named.
  for await (const entries of pending.take(RECORD_TYPES)) {
    for (const { entry, missing } of await write(entries))
      faults.add(entry.line, describe(missing));
  }
  return { lines: read, records };
}
