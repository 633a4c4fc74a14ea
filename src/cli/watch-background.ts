import { sql } from 'drizzle-orm';
import type { Log } from '../observe/log.ts';
import { isAway, isTooLong } from '../store/away.ts';
import type { Database } from '../store/database.ts';

const LOOK_MS = 1000;
/** A look that hangs, on a connection that is half dead, must not be the last one. */
const LONGEST_LOOK_MS = 5000;

/** Tells the operator of what fails in the background. */
export interface Background extends Disposable {
  /** Who hears of the failures of a task. */
  failuresOf(task: string): (error: unknown) => void;
}

/** Names the task that has failed; but while the database is away, all do: that is said once, and once when it is back. */
export function watchBackground(
  database: Database,
  log: Pick<Log, 'error' | 'warn' | 'info'>,
): Background {
  let looks: NodeJS.Timeout | undefined;
  let failedAt = 0;
  let askedAt: number | null = null;
  let isOver = false;

  async function look() {
    const now = Date.now();
    if (askedAt !== null && now - askedAt < LONGEST_LOOK_MS) return;
    // What answers this and nothing else is not back.
    if (now - failedAt < LOOK_MS) return;
    askedAt = now;
    try {
      await database.rows(sql`select 1`);
    } catch {
      return;
    } finally {
      askedAt = null;
    }
    if (looks) log.info('the database is back');
    forget();
  }
  function forget() {
    clearInterval(looks);
    looks = undefined;
  }

  return {
    failuresOf: (task) => (error) => {
      if (!isAway(error) || isTooLong(error)) {
        return log.error({ err: error, task }, 'a background task failed');
      }
      // What was under way when the end came loses its connection: nothing is away then.
      if (isOver) return;
      failedAt = Date.now();
      if (looks) return;
      const { code } = error as { code?: unknown }; // read only
      log.warn({ code, task }, 'the database is away: what goes on in the background waits for it');
      looks = setInterval(look, LOOK_MS);
    },
    [Symbol.dispose]() {
      isOver = true;
      forget();
    },
  };
}
