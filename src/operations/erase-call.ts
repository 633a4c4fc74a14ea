import { sql } from 'drizzle-orm';
import type { Executor } from '../store/database.ts';
import { writeOwnAudit } from './audit.ts';
import { rememberDeleted } from './deleted-calls.ts';
import { logDeletions } from './log-change.ts';

/** Takes calls away with everything that names them, leaving tombstones without content in the log. */
export async function eraseCalls(tx: Executor, callIds: readonly string[]): Promise<void> {
  await logDeletions(tx, callIds);
  await rememberDeleted(tx, callIds);
  await tx.rows(
    sql`delete from event_deliveries where call_id = any(${sql.param(callIds)}::uuid[])`,
  );
  await tx.rows(sql`delete from calls where id = any(${sql.param(callIds)}::uuid[])`);
}

/** Why calls are to go when they end. */
export interface MarkReason {
  /** The user who asked for it. */
  readonly requestedBy: string | null;
  /** The id of the erasure or of the wish that it was for; null when the call itself was named. */
  readonly reason: string | null;
}

/** Marks live calls, which go when they end. Of who asks for one twice, the first has done it; a user goes before a job. */
export const markCalls = (
  tx: Executor,
  callIds: readonly string[],
  { requestedBy, reason }: MarkReason,
) =>
  tx.rows(sql`
    update calls set deletion_requested_at = coalesce(deletion_requested_at, now()),
      deletion_requested_by = ${requestedBy}::uuid, deletion_reason = ${reason}::uuid
    where id = any(${sql.param(callIds)}::uuid[])
      and (deletion_requested_at is null or (deletion_reason is not null and ${reason}::uuid is null))`);

/** A call that was to go when it ends. */
export interface MarkedCall {
  readonly id: string;
  readonly organizationId: string;
}

/** Takes away a call that had been marked and has ended now, in the name of whoever had asked for it. */
export async function eraseMarkedCall(tx: Executor, { id, organizationId }: MarkedCall) {
  const [mark] = await tx.rows<MarkReason>(sql`
    select deletion_requested_by as "requestedBy", deletion_reason as reason from calls where id = ${id}::uuid`);
  await eraseCalls(tx, [id]);
  await writeOwnAudit(tx, organizationId, {
    operation: 'deleteMarkedCall',
    subjects: mark?.reason ? [id, mark.reason] : [id],
    userId: mark?.requestedBy ?? null,
  });
}
