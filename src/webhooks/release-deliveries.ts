import { sql } from 'drizzle-orm';
import type { Executor } from '../store/database.ts';

/**
 * Lets be sent what is held without a reason: a call that fires, or a request that fails, has seen its rule suspended
 * or disabled, and writes that down after somebody else has resumed the rule. Nobody would look at it again.
 */
export async function releaseDeliveries(on: Executor): Promise<void> {
  await on.rows(sql`
    update event_deliveries set due_at = now() where id in (
      select d.id from event_deliveries d join phone_call_events r on r.row_id = d.event_row_id
      where d.state = 'PENDING' and d.due_at = 'infinity' and r.suspended_at is null and r.status = 'ENABLED'
      for update of d skip locked)`);
}
