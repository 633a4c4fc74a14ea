import { v7 as uuidv7 } from 'uuid';
import { encodeExportPosition } from '../model/export.ts';
import { EVERYTHING } from '../model/visibility.ts';
import type { Database } from '../store/database.ts';
import { type Done, queueEntry, writeOwnAudit } from './audit.ts';
import { auditedExport } from './audited-export.ts';
import { runCommand } from './command.ts';
import type { Context } from './context.ts';
import { type RecordBatch, type RecordRange, rangeAfter, readRecords } from './read-records.ts';
import { whichOrganization } from './which-organization.ts';

interface ExportInput {
  /** Whose calls: an id, or a key in import files; null means one's own. */
  readonly organization: string | null;
  /** The position of the last record that arrived; null begins with the first. */
  readonly after: string | null;
  /** What went wrong when the records were out already. */
  readonly onError: (error: unknown) => void;
}

/**
 * Begins to export the calls that the principal sees. No record goes out before the audit log has who asked for it, and
 * for what; when it has ended, that has how many. What is refused is an entry, too.
 */
export async function exportCalls(
  context: Context,
  { organization, after, onError }: ExportInput,
): Promise<AsyncGenerator<RecordBatch>> {
  const { database, principal, visibility } = context;
  const exportId = uuidv7();
  const range = await runCommand(context, {
    operation: 'exportCalls.begin',
    scope: 'READ',
    input: {},
    run: async (touched): Promise<RecordRange> => {
      const named = organization && (await whichOrganization(context, organization));
      const found = await rangeAfter(database, named ?? principal.organizationId, after);
      touched.push(...whichOf(found, exportId));
      return found;
    },
  });
  return auditedExport(readRecords(database, visibility, range), {
    subjects: [range.organizationId, exportId],
    write: (done) => queueEntry(context, done),
    onError,
  });
}

/** Begins to export all calls of an organization, by its id, for whoever works on this machine; audited in the same way. */
export async function exportAllCalls(
  database: Database,
  organizationId: string,
  { after, onError }: Omit<ExportInput, 'organization'>,
): Promise<AsyncGenerator<RecordBatch>> {
  const exportId = uuidv7();
  const range = await rangeAfter(database, organizationId, after);
  const write = (done: Done) => writeOwnAudit(database, organizationId, done);
  const begun = whichOf(range, exportId);
  await write({ operation: 'exportCalls.begin', subjects: begun, result: 'OK' });
  return auditedExport(readRecords(database, EVERYTHING, range), {
    ...{ subjects: [organizationId, exportId], write, onError },
  });
}

/** Whose calls an export takes, its own id, and after which position: written anew, for a client's may hold anything. */
const whichOf = ({ organizationId, epoch, after }: RecordRange, exportId: string) => [
  ...[organizationId, exportId],
  ...(after ? [`after=${encodeExportPosition({ epoch, ...after })}`] : []),
];
