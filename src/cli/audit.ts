import { readFile } from 'node:fs/promises';
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { dataDirectory, readConfig } from '../config.ts';
import type { AuditFaultKind, AuditHead } from '../model/audit.ts';
import { type AuditReport, readAuditHeads, verifyAudit } from '../operations/verify-audit.ts';
import type { Database } from '../store/database.ts';
import { hasEmbedded } from '../store/embedded.ts';
import { CommandError } from './fail.ts';
import { joinStore } from './services.ts';

/** The exit code that says: somebody has changed the audit log. 1 and 2 say that it could not be looked at. */
const TAMPERED = 3;

const WORDS: Record<AuditFaultKind, string> = {
  CHANGED: 'was changed: its hash is not that of what it says',
  UNLINKED: 'does not follow the one before it',
  MISSING: 'is missing',
  REPLACED: 'is another than the one that the head or an anchor knows',
  NO_HEAD: 'is the last one, but no head says so',
};

/** Looks through the audit log, as it is: an auditor may have a role that only reads; ends with 3 when anything has been changed, taken away or put in another place. */
export async function verifyAuditCommand({ anchor }: { anchor?: string }): Promise<void> {
  const anchors = anchor ? await readAnchors(anchor) : [];
  await using database = await openAudit();
  const reports = await verifyAudit(database, anchors);
  for (const report of reports) process.stdout.write(textOf(report));
  if (anchor) warnOfOthers(reports, anchors);
  const entries = reports.reduce((sum, report) => sum + report.entries, 0);
  const broken = reports.filter(({ faultCount }) => faultCount > 0);
  if (broken.length > 0) process.exitCode = TAMPERED;
  process.stdout.write(
    broken.length > 0
      ? `The audit log was tampered with: ${broken.length} of ${reports.length} chains.\n`
      : `The audit log is whole: ${entries} entries in ${reports.length} chains, one an organization.\n`,
  );
}

/** Prints where each chain ends, one JSON object a line: to be kept where nobody who can reach the database can. */
export async function anchorAuditCommand(): Promise<void> {
  await using database = await openAudit();
  for (const head of await readAuditHeads(database)) {
    process.stdout.write(`${JSON.stringify(head)}\n`);
  }
}

/** The database, with an audit log in it. */
async function openAudit(): Promise<Database> {
  const config = readConfig(process.env);
  // To join it would make it.
  const hasStore = config.DATABASE_URL !== undefined || hasEmbedded(dataDirectory(config));
  if (!hasStore) throw new CommandError(`There is no Tandem's data in ${dataDirectory(config)}.`);
  const database = await joinStore(config);
  const [found] = await database.rows<{ log: string | null }>(
    sql`select to_regclass('audit_heads')::text as log`,
  );
  if (found?.log) return database;
  await database[Symbol.asyncDispose]();
  throw new CommandError('There is no audit log in this database: no Tandem has run on it yet.');
}

function textOf({ organizationId, entries, faults, faultCount }: AuditReport): string {
  const lines = faults.map(({ kind, sequence }) => `  entry ${sequence} ${WORDS[kind]}`);
  if (faultCount > faults.length) lines.push(`  and ${faultCount - faults.length} more faults`);
  const state = faultCount > 0 ? 'BROKEN' : 'whole';
  return [`organization ${organizationId}: ${entries} entries, ${state}`, ...lines, ''].join('\n');
}

/** A chain that began after the anchor was taken, or whose line somebody has taken out of it. */
function warnOfOthers(reports: readonly AuditReport[], anchors: readonly AuditHead[]) {
  const named = new Set(anchors.map(({ organizationId }) => organizationId));
  for (const { organizationId } of reports) {
    if (named.has(organizationId)) continue;
    process.stderr.write(
      `The anchor does not name organization ${organizationId}: a cut or a new writing of its chain is not found.\n`,
    );
  }
}

const ANCHOR = z.strictObject({
  organizationId: z.guid(),
  sequence: z.int().min(1),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});

async function readAnchors(file: string): Promise<AuditHead[]> {
  const text = await readFile(file, 'utf8');
  // One of a command that has failed would have everything pass.
  if (text.trim() === '') throw new CommandError(`${file} is empty: it is no anchor.`);
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const read = ANCHOR.safeParse(parsed(line));
    if (read.success) return [read.data];
    throw new CommandError(`line ${index + 1} of ${file} is no anchor of \`audit anchor\`.`);
  });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
