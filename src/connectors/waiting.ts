import { addAbortListener } from 'node:events';
import type { Clock } from './clock.ts';

/** Resolves after `ms`, or at once when the signal is aborted. */
export async function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const cancel = clock.schedule(ms, resolve);
  try {
    await unlessAborted(signal, promise);
  } catch {
    // Woken early.
  } finally {
    cancel();
  }
}

/** The outcome of `work`, or a rejection with the signal's reason as soon as it is aborted. */
export function unlessAborted<Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result> {
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  const abort = () => reject(signal.reason);
  const listening = addAbortListener(signal, abort);
  work.then(resolve, reject);
  return promise.finally(() => listening[Symbol.dispose]());
}

/** The outcome of `work`, or a rejection with what `late` makes when it takes longer than `ms`. */
export function withDeadline<Result>(
  clock: Clock,
  ms: number,
  work: Promise<Result>,
  late: () => Error,
): Promise<Result> {
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  const cancel = clock.schedule(ms, () => reject(late()));
  work.then(resolve, reject);
  return promise.finally(cancel);
}
