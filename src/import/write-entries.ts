import type { Executor } from '../store/database.ts';
import type { Entry, Write } from './entry.ts';
import type { Faults } from './faults.ts';
import type { RecordType } from './record.ts';
import { type Found, findReferences, type Reference, referencesOf } from './references.ts';
import { writeApps, writeOrganizations, writeUsers } from './write-accounts.ts';
import { writeCalls } from './write-calls.ts';
import { writeExtensions, writePhoneCallEvents } from './write-extensions.ts';

/** Each type of record, after those that it can name. */
const WRITERS: { readonly [Type in RecordType]: Write<Type> } = {
  organization: writeOrganizations,
  user: writeUsers,
  app: writeApps,
  extension: writeExtensions,
  call: writeCalls,
  phoneCallEvent: writePhoneCallEvents,
};

/** The types of records, in the order in which they can be written. */
// Object.keys forgets what the keys are.
export const RECORD_TYPES = Object.keys(WRITERS) as readonly RecordType[];

/** An entry that names something which is not there. */
export interface Unresolved {
  readonly entry: Entry;
  readonly missing: Reference;
}

/** Writes what can be written, and gives back the entries that name something which is not there. */
export async function writeEntries(
  tx: Executor,
  entries: readonly Entry[],
  faults: Faults,
): Promise<Unresolved[]> {
  const unresolved: Unresolved[] = [];
  const byType = Map.groupBy(entries, ({ record }) => record.type);
  for (const type of RECORD_TYPES) {
    const some = byType.get(type) ?? [];
    if (some.length === 0) continue;
    const named = some.map((entry) => ({ entry, references: referencesOf(entry.record) }));
    const all = named.flatMap(({ references }) => references);
    const found = await findReferences(tx, all);
    const missingOf = (references: readonly Reference[]) =>
      references.find((reference) => !found.has(reference));
    const ready: Entry[] = [];
    for (const { entry, references } of named) {
      const missing = missingOf(references);
      if (missing) unresolved.push({ entry, missing });
      else ready.push(entry);
    }
    await writeOf(type, { tx, found, faults }, ready);
  }
  return unresolved;
}

async function writeOf(
  type: RecordType,
  { tx, found, faults }: { tx: Executor; found: Found; faults: Faults },
  entries: readonly Entry[],
) {
  // The compiler cannot see that a type's writer gets entries of that type.
  const write = WRITERS[type] as Write<RecordType>;
  await write({ tx, found, fault: faults.add }, entries);
}
