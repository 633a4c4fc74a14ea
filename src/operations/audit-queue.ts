import { sql } from 'drizzle-orm';
import { GatewayError } from '../model/errors.ts';
import type { Database } from '../store/database.ts';

/** An entry as it is written; its place in the chain comes from the database. */
export interface AuditRow {
  readonly organizationId: string;
  readonly userId: string;
  readonly appId: string | null;
  readonly dialect: string;
  readonly operation: string;
  readonly subjects: readonly string[];
  readonly result: string;
  readonly requestId: string;
}

interface Waiting {
  readonly row: AuditRow;
  resolve(): void;
  reject(error: unknown): void;
}

/** More would make the first of them wait for the last. */
const MOST = 200;

/** An organization's entries, those that wait; there while any does. */
type Lane = Waiting[];

const lanes = new WeakMap<Database, Map<string, Lane>>();

/**
 * Writes an entry with those of its organization that come at the same time: a chain grows by one transaction after
 * the other, and so several entries share one. Resolves when it is committed. Whoever holds one organization's chain
 * holds up no other's.
 */
export function queueAudit(database: Database, row: AuditRow): Promise<void> {
  const known = lanes.get(database) ?? new Map<string, Lane>();
  lanes.set(database, known);
  return new Promise<void>((resolve, reject) => {
    const waiting = { row, resolve, reject };
    const lane = known.get(row.organizationId);
    if (lane) lane.push(waiting);
    else {
      const begun = [waiting];
      known.set(row.organizationId, begun);
      void work(database, begun, () => known.delete(row.organizationId));
    }
  });
}

/** @param close is called at once when the last is written: whoever comes then begins anew. */
async function work(database: Database, lane: Lane, close: () => void): Promise<void> {
  while (lane.length > 0) await writeBatch(database, lane.splice(0, MOST));
  close();
}

/** What no database takes fails alone; what fails for another reason would do so again, one after the other. */
async function writeBatch(database: Database, batch: readonly Waiting[]): Promise<void> {
  try {
    await database.rows(auditStatement(batch.map(({ row }) => row)));
    for (const { resolve } of batch) resolve();
  } catch (error) {
    if (batch.length > 1 && error instanceof GatewayError) {
      for (const one of batch) await writeBatch(database, [one]);
    } else for (const { reject } of batch) reject(error);
  }
}

/** Writes entries: in the order of organizations, so that no two transactions wait for each other's chains. */
export const auditStatement = (rows: readonly AuditRow[]) => sql`
  insert into audit_entries (organization_id, user_id, app_id, dialect, operation, subjects, result, request_id)
  select "organizationId", "userId", "appId", dialect, operation, subjects, result, "requestId"
  from jsonb_to_recordset(${sql.param(rows)}::jsonb) as e("organizationId" uuid, "userId" uuid, "appId" uuid,
    dialect text, operation text, subjects text[], result text, "requestId" text)
  order by "organizationId"`;
