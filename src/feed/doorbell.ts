import { sql } from 'drizzle-orm';
import type { Database } from '../store/database.ts';

const CHANNEL = 'tandem_feed';
/** A NOTIFY in each writing transaction would cost half of the commits: one for many, outside of them. */
const DEBOUNCE_MS = 20;

/** Wakes the other processes on the same Postgres, and is woken by them. A hint: polling finds everything. */
export async function createDoorbell(
  database: Database,
  onRing: () => void,
  onError: (error: unknown) => void,
): Promise<{ ring(): void } & AsyncDisposable> {
  const listening = await database.client.listen(CHANNEL, onRing);
  let pending: NodeJS.Timeout | undefined;
  const send = () => {
    pending = undefined;
    database.rows(sql`select pg_notify(${CHANNEL}, '')`).catch(onError);
  };
  return {
    ring: () => {
      pending ??= setTimeout(send, DEBOUNCE_MS);
    },
    [Symbol.asyncDispose]: async () => {
      clearTimeout(pending);
      await listening.unlisten();
    },
  };
}
