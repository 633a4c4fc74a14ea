import { sql } from 'drizzle-orm';
import {
  type AuditEntryView,
  type AuditFault,
  type AuditHead,
  type ChainCheck,
  createChainCheck,
} from '../model/audit.ts';
import type { Executor } from '../store/database.ts';
import { AUDIT_COLUMNS } from '../store/queries/audit.ts';

const BATCH = 1000;
/** Of a chain that is wrong from end to end, the first faults say enough. */
const MOST_FAULTS = 20;

/** What was found about the chain of one organization. */
export interface AuditReport {
  readonly organizationId: string;
  readonly entries: number;
  /** The first of them. */
  readonly faults: readonly AuditFault[];
  readonly faultCount: number;
}

/** Where the chains end, for keeping elsewhere. */
export const readAuditHeads = (on: Executor) =>
  on.rows<AuditHead>(sql`
    select organization_id as "organizationId", sequence::float8 as sequence, hash from audit_heads
    order by organization_id`);

/**
 * Looks through every organization's chain, a batch at a time, beside those who write. What was written since it
 * began is looked at, too, but for its end.
 * @param anchors where chains ended at some time, kept elsewhere.
 */
export async function verifyAudit(
  on: Executor,
  anchors: readonly AuditHead[] = [],
): Promise<AuditReport[]> {
  const heads = await readAuditHeads(on);
  const known = Map.groupBy([...heads, ...anchors], ({ organizationId }) => organizationId);
  const reports = new Map<string, ReturnType<typeof createReport>>();
  const reportOf = (organizationId: string) => {
    const report =
      reports.get(organizationId) ?? createReport(organizationId, known.get(organizationId) ?? []);
    reports.set(organizationId, report);
    return report;
  };
  for (const organizationId of known.keys()) reportOf(organizationId);
  for await (const entry of entriesOf(on)) reportOf(entry.organizationId).entry(entry);
  const ends = new Map((await readAuditHeads(on)).map((head) => [head.organizationId, head]));
  return [...reports].map(([organizationId, report]) => report.end(ends.get(organizationId)));
}

async function* entriesOf(on: Executor): AsyncGenerator<AuditEntryView> {
  let after: Pick<AuditEntryView, 'organizationId' | 'sequence' | 'id'> | undefined;
  for (;;) {
    const range = after
      ? sql`where (a.organization_id, a.sequence, a.id)
          > (${after.organizationId}::uuid, ${after.sequence}::bigint, ${after.id}::bigint)`
      : sql``;
    const entries = await on.rows<AuditEntryView>(sql`
      select ${AUDIT_COLUMNS} from audit_entries a ${range}
      order by a.organization_id, a.sequence, a.id limit ${BATCH}`);
    yield* entries;
    after = entries.at(-1);
    if (entries.length < BATCH) return;
  }
}

function createReport(organizationId: string, known: readonly AuditHead[]) {
  const faults: AuditFault[] = [];
  let faultCount = 0;
  let entries = 0;
  const tell = (fault: AuditFault) => {
    faultCount += 1;
    if (faults.length < MOST_FAULTS) faults.push(fault);
  };
  const check: ChainCheck = createChainCheck(known, tell);
  return {
    organizationId,
    entry(entry: AuditEntryView) {
      entries += 1;
      check.entry(entry);
    },
    end(head: AuditHead | undefined): AuditReport {
      check.end(head);
      return { organizationId, entries, faults, faultCount };
    },
  };
}
