import { sql } from 'drizzle-orm';
import type { Executor } from '../store/database.ts';
import { writeOwnAudit } from './audit.ts';
import { logDeletions } from './log-change.ts';

/** Takes calls away with everything that names them, leaving tombstones without content in the log. */
export async function eraseCalls(tx: Executor, callIds: readonly string[]): Promise<void> {
  await logDeletions(tx, callIds);
  await tx.rows(
    sql`delete from event_deliveries where call_id = any(${sql.param(callIds)}::uuid[])`,
  );
  await tx.rows(sql`delete from calls where id = any(${sql.param(callIds)}::uuid[])`);
}

/** Takes away a call that had been marked and has ended now. */
export async function eraseMarkedCall(
  tx: Executor,
  { id, organizationId }: { readonly id: string; readonly organizationId: string },
): Promise<void> {
  await eraseCalls(tx, [id]);
  await writeOwnAudit(tx, organizationId, { operation: 'deleteMarkedCall', subjects: [id] });
}
