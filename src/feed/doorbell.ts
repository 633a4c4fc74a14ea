import { sql } from 'drizzle-orm';
import type { Database } from '../store/database.ts';
import { createNeed } from './need.ts';

const CHANNEL = 'tandem_feed';
/**
 * A NOTIFY in each writing transaction would cost half of the commits: one for many, outside of them. Whoever was woken
 * looks again by itself after some 30 and 90 ms, so that more rings would only take time from the writers.
 */
const PAUSE_MS = 100;

interface Options {
  /** Milliseconds since this process found something in the log. */
  readonly newsAge: () => number;
  readonly onRing: () => void;
  readonly onError: (error: unknown) => void;
}

/** Wakes the other processes on the same Postgres, and is woken by them. A hint: polling finds everything. */
export async function createDoorbell(
  database: Database,
  { newsAge, onRing, onError }: Options,
): Promise<{ ring(): void } & AsyncDisposable> {
  // Also when it listens again after a while: it may have missed a ring.
  const listening = await database.client.listen(CHANNEL, onRing, onRing);
  /** Runs from each ring; what is rung for meanwhile is told at its end. */
  let pause: NodeJS.Timeout | undefined;
  let isWanted = false;
  const isNeeded = createNeed(newsAge);
  const rest = () => {
    pause = undefined;
    if (isWanted) tell();
  };
  const ring = () => {
    if (isNeeded()) tell();
  };
  const tell = () => {
    isWanted = pause !== undefined;
    if (isWanted) return;
    pause = setTimeout(rest, PAUSE_MS);
    database.rows(sql`select pg_notify(${CHANNEL}, '')`).catch(onError);
  };
  return {
    ring,
    [Symbol.asyncDispose]: async () => {
      clearTimeout(pause);
      await listening.unlisten();
    },
  };
}
