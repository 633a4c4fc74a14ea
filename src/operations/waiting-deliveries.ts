import { sql } from 'drizzle-orm';
import type { EventStatus } from '../model/phone-call-event.ts';
import { type Executor, firstRow } from '../store/database.ts';
import { receiverOf } from './fire-events.ts';

interface Settings {
  readonly url?: string | null | undefined;
  readonly status?: EventStatus | null | undefined;
}

/**
 * What waits follows the settings of its rule: it goes to the new URL; while the rule is disabled it is held; and
 * with a status of ENABLED, which is all that VoipNow's clients can say, it is sent, a suspension or not.
 */
export async function followSettings(
  tx: Executor,
  rowId: string,
  { url, status }: Settings,
): Promise<void> {
  if (url) {
    await tx.rows(sql`update event_deliveries d set receiver = ${receiverOf(sql`r.url`)} from phone_call_events r
      where r.row_id = ${rowId}::uuid and d.event_row_id = r.row_id and d.state <> 'DELIVERED'`);
  }
  if (status === 'ENABLED') await sendWaiting(tx, rowId);
  if (status === 'DISABLED') {
    await tx.rows(sql`update event_deliveries set due_at = 'infinity'
      where event_row_id = ${rowId}::uuid and state = 'PENDING'`);
  }
}

/** Ends a rule's suspension: all that waits is due, with a day of its own, unless it is disabled. Gives how many that are. */
export async function sendWaiting(tx: Executor, rowId: string): Promise<number> {
  await tx.rows(
    sql`update phone_call_events set suspended_at = null where row_id = ${rowId}::uuid and suspended_at is not null`,
  );
  const row = await firstRow<{ sent: number }>(
    tx,
    sql`
    with sent as (
      update event_deliveries d set state = 'PENDING', failures = 0, retrying_since = null,
        due_at = case r.status when 'ENABLED' then now() else 'infinity' end
      from phone_call_events r where r.row_id = ${rowId}::uuid and d.event_row_id = r.row_id
        and (d.state = 'SUSPENDED' or (d.state = 'PENDING' and d.due_at = 'infinity'))
      returning true
    ) select count(*)::int as sent from sent`,
  );
  return row?.sent ?? 0;
}
