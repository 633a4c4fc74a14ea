import { sql } from 'drizzle-orm';
import type { Database } from '../store/database.ts';

/** How many go in one transaction: queries beside it must not feel it. */
const BATCH = 5000;

/** Takes away what was delivered so many hours ago, and what was fired by a rule that is gone. */
export async function trimDeliveries(database: Database, hours: number): Promise<void> {
  const old = sql`select id from event_deliveries
    where state = 'DELIVERED' and delivered_at < now() - make_interval(hours => ${hours}::int)`;
  const ownerless = sql`select id from event_deliveries
    where not exists (select from phone_call_events r where r.row_id = event_row_id)`;
  for (const which of [old, ownerless]) {
    let gone = BATCH;
    while (gone === BATCH) {
      const rows = await database.rows(sql`
        delete from event_deliveries where id in (${which} limit ${sql.raw(String(BATCH))} for update of event_deliveries skip locked) returning true`);
      gone = rows.length;
    }
  }
}
