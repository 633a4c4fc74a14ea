import type { Executor } from '../store/database.ts';
import type { RecordOf, RecordType } from './record.ts';
import type { Found } from './references.ts';

/** A record and the line it stands on. */
export interface Entry<Type extends RecordType = RecordType> {
  readonly line: number;
  readonly record: RecordOf<Type>;
}

/** What writing records takes. */
export interface Writing {
  readonly tx: Executor;
  /** Has everything that the records name. */
  readonly found: Found;
  /** Says that the record of a line cannot be written. */
  fault(line: number, message: string): void;
}

/** Writes the records of one type and tells of each that collides with something. */
export type Write<Type extends RecordType> = (
  writing: Writing,
  entries: readonly Entry<Type>[],
) => Promise<void>;

/** Tells of each entry whose row, of the same index and known by its key, did not go in. */
export function tellCollisions<Type extends RecordType, Key extends string>(
  entries: readonly Entry<Type>[],
  rows: readonly Readonly<Record<Key, unknown>>[],
  inserted: readonly Readonly<Record<Key, unknown>>[],
  key: Key,
  tell: (entry: Entry<Type>) => void,
): void {
  if (inserted.length === rows.length) return;
  const keys = new Set(inserted.map((row) => row[key]));
  for (const [index, entry] of entries.entries()) if (!keys.has(rows[index]?.[key])) tell(entry);
}
