import { sql } from 'drizzle-orm';
import { trimLog } from '../feed/trim.ts';
import type { Database } from '../store/database.ts';

const EVERY_MS = 10 * 60_000;

/** Takes away what has had its time: old log entries, answers for repeated requests, wishes that did not come true. */
export function startUpkeep(
  database: Database,
  retentionHours: number,
  onError: (error: unknown) => void,
): Disposable {
  const work = async () => {
    try {
      await trimLog(database, retentionHours);
      await database.rows(
        sql`delete from idempotency_keys where created_at < now() - interval '24 hours'`,
      );
      await database.rows(sql`delete from deletion_watches where expires_at < now()`);
    } catch (error) {
      onError(error);
    }
  };
  void work();
  const timer = setInterval(work, EVERY_MS);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
