import pRetry from 'p-retry';
import { isAway } from '../store/away.ts';

/** Asks again while the database is away: whoever follows waits for it, and is not sent away. */
export const patiently = <T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T> =>
  pRetry(ask, {
    retries: Number.POSITIVE_INFINITY,
    minTimeout: 100,
    maxTimeout: 2000,
    randomize: true,
    signal,
    shouldRetry: ({ error }) => isAway(error),
  });
