import { sql } from 'drizzle-orm';
import { type Executor, firstRow } from '../store/database.ts';

/** What is not delivered. */
export interface Backlog {
  /** Firings that will be tried. */
  readonly waiting: number;
  /** Firings that will not: by themselves, or for their rule is suspended or disabled. */
  readonly suspended: number;
  readonly suspendedRules: number;
}

export async function readBacklog(on: Executor): Promise<Backlog> {
  const row = await firstRow<Backlog>(
    on,
    sql`
    select (count(*) filter (where due_at < 'infinity'))::int as waiting,
      (count(*) filter (where due_at = 'infinity')
        + (select count(*) from event_deliveries where state = 'SUSPENDED'))::int as suspended,
      (select count(*)::int from phone_call_events where suspended_at is not null) as "suspendedRules"
    from event_deliveries where state = 'PENDING'`,
  );
  return row ?? { waiting: 0, suspended: 0, suspendedRules: 0 };
}
