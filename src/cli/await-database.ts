import { sql } from 'drizzle-orm';
import pRetry from 'p-retry';
import type { Log } from '../observe/log.ts';
import { isAway } from '../store/away.ts';
import type { Database } from '../store/database.ts';

/** Postgres may be started beside Tandem, or be failing over: it is waited for so long. */
const LONGEST_MS = 60_000;

/** Resolves when the database answers. Rejects when it refuses, when it stays away, and at the signal. */
export async function awaitDatabase(
  database: Database,
  { log, signal }: { readonly log: Pick<Log, 'warn'>; readonly signal: AbortSignal },
): Promise<void> {
  await pRetry(() => database.rows(sql`select 1`), {
    retries: Number.POSITIVE_INFINITY,
    maxRetryTime: LONGEST_MS,
    minTimeout: 250,
    maxTimeout: 5000,
    signal,
    shouldRetry: ({ error }) => isAway(error),
    onFailedAttempt: ({ error }) =>
      log.warn({ reason: error.message }, 'the database is away; Tandem waits for it'),
  });
}
