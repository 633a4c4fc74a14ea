import { sql } from 'drizzle-orm';
import type { Database, Executor } from '../store/database.ts';

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

const queues = new WeakMap<Database, (row: AuditRow) => Promise<void>>();

/**
 * Writes an entry with those of other requests that come at the same time: an organization's chain grows by one
 * transaction after the other, and so several entries share one. Resolves when it is committed.
 */
export function queueAudit(database: Database, row: AuditRow): Promise<void> {
  const queue = queues.get(database) ?? createQueue(database);
  queues.set(database, queue);
  return queue(row);
}

function createQueue(database: Database) {
  let waiting: Waiting[] = [];
  let isWriting = false;

  async function work() {
    isWriting = true;
    while (waiting.length > 0) {
      const batch = waiting.slice(0, MOST);
      waiting = waiting.slice(MOST);
      await writeBatch(database, batch);
    }
    isWriting = false;
  }

  return (row: AuditRow) =>
    new Promise<void>((resolve, reject) => {
      waiting.push({ row, resolve, reject });
      if (!isWriting) void work();
    });
}

/** What no database takes fails alone. */
async function writeBatch(database: Database, batch: readonly Waiting[]): Promise<void> {
  try {
    await insertAudit(
      database,
      batch.map(({ row }) => row),
    );
    for (const { resolve } of batch) resolve();
  } catch (error) {
    const [first, ...others] = batch;
    if (others.length === 0) first?.reject(error);
    else for (const one of batch) await writeBatch(database, [one]);
  }
}

/** Writes entries: in the order of organizations, whose chains are locked one after the other: no two processes wait for each other. */
export const insertAudit = (on: Executor, rows: readonly AuditRow[]) =>
  on.rows(sql`
    insert into audit_entries (organization_id, user_id, app_id, dialect, operation, subjects, result, request_id)
    select "organizationId", "userId", "appId", dialect, operation, subjects, result, "requestId"
    from jsonb_to_recordset(${sql.param(rows)}::jsonb) as e("organizationId" uuid, "userId" uuid, "appId" uuid,
      dialect text, operation text, subjects text[], result text, "requestId" text)
    order by "organizationId"`);
