import { sql } from 'drizzle-orm';
import type { Executor } from '../store/database.ts';
import { logDeletion } from './log-change.ts';

/** Takes a call away with everything that names it, leaving a tombstone without content in the log. */
export async function eraseCall(tx: Executor, callId: string): Promise<void> {
  await logDeletion(tx, callId);
  await tx.rows(sql`delete from event_deliveries where call_id = ${callId}::uuid`);
  await tx.rows(sql`delete from calls where id = ${callId}::uuid`);
}
