import { addAbortListener } from 'node:events';

/** Readers that wait for more. */
export function createWaiters() {
  let waiting = new Set<() => void>();
  return {
    wakeAll() {
      const woken = waiting;
      waiting = new Set();
      for (const wake of woken) wake();
    },
    /** Resolves when all are woken, at the signal, or after this many milliseconds. */
    wait(signal: AbortSignal, longestMs: number): Promise<void> {
      const { promise, resolve } = Promise.withResolvers<void>();
      const wake = () => resolve();
      waiting.add(wake);
      const timer = setTimeout(wake, longestMs);
      const listening = addAbortListener(signal, wake);
      return promise.finally(() => {
        clearTimeout(timer);
        waiting.delete(wake);
        listening[Symbol.dispose]();
      });
    },
  };
}
