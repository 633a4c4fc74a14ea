import { sql } from 'drizzle-orm';
import { forgetExpiredTokens } from '../auth/tokens.ts';
import { trimLog } from '../feed/trim.ts';
import type { Log } from '../observe/log.ts';
import { findAbandonedCalls } from '../operations/abandoned-calls.ts';
import { forgetLapsedWishes } from '../operations/watch-next.ts';
import type { Database } from '../store/database.ts';
import { releaseDeliveries } from '../webhooks/release-deliveries.ts';
import { trimDeliveries } from '../webhooks/trim-deliveries.ts';

const EVERY_MS = 10 * 60_000;

interface Options {
  readonly database: Database;
  readonly retentionHours: number;
  /** How long deliveries of phone call events are kept. */
  readonly deliveryHours: number;
  /** The ids of this process's switches. */
  readonly connectors: readonly string[];
  readonly log: Pick<Log, 'warn'>;
  readonly onError: (error: unknown) => void;
}

/**
 * Takes away what has had its time: old log entries, answers for repeated requests, wishes that did not come true, tokens
 * that have ended, what was delivered. Lets go what is held without a reason.
 * Tells of calls that nobody will ever end.
 */
export function startUpkeep(options: Options): Disposable {
  const { database, retentionHours, deliveryHours, connectors, log, onError } = options;
  const work = async () => {
    try {
      await trimLog(database, retentionHours);
      await database.rows(
        sql`delete from idempotency_keys where created_at < now() - interval '24 hours'`,
      );
      await forgetLapsedWishes(database);
      await forgetExpiredTokens(database);
      await releaseDeliveries(database);
      await trimDeliveries(database, deliveryHours);
      for (const abandoned of await findAbandonedCalls(database, connectors)) {
        log.warn(
          abandoned,
          'calls are up on a switch that no Tandem has: put it back, or retire it',
        );
      }
    } catch (error) {
      onError(error);
    }
  };
  void work();
  const timer = setInterval(work, EVERY_MS);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
