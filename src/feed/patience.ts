import { addAbortListener } from 'node:events';
import pRetry from 'p-retry';
import { isAway } from '../store/away.ts';

/** A connection may be dead without saying so: whoever waits for what comes by it waits for ever. */
const LONGEST_MS = 10_000;

class Late extends Error {
  readonly code = 'ETIMEDOUT';
}

/** Rejects at the signal, or when it takes longer; what was asked may still be done. */
export async function inTime<T>(work: Promise<T>, ms: number, signal: AbortSignal): Promise<T> {
  const { promise: over, reject } = Promise.withResolvers<never>();
  const leave = () => reject(signal.reason);
  const timer = setTimeout(() => reject(new Late(`No answer in ${ms} ms.`)), ms);
  using _ = addAbortListener(signal, leave);
  try {
    return await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
  }
}

/** Asks again while the database is away: whoever follows waits for it, and is not sent away. */
export const patiently = <T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T> =>
  pRetry(() => inTime(ask(), LONGEST_MS, signal), {
    retries: Number.POSITIVE_INFINITY,
    minTimeout: 100,
    maxTimeout: 2000,
    randomize: true,
    signal,
    shouldRetry: ({ error }) => isAway(error),
  });
