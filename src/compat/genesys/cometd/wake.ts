import { addAbortListener } from 'node:events';

/** Something to wait for that changes again and again. */
export interface Wake {
  /** It has changed: whoever waits looks again. */
  ring(): void;
  /** Resolves when the condition holds, or at the signal. */
  until(isSo: () => boolean, signal: AbortSignal): Promise<void>;
}

export function createWake(): Wake {
  let next = Promise.withResolvers<void>();
  const ring = () => {
    const { resolve } = next;
    next = Promise.withResolvers();
    resolve();
  };
  return {
    ring,
    async until(isSo, signal) {
      using _ = addAbortListener(signal, ring);
      while (!isSo() && !signal.aborted) await next.promise;
    },
  };
}
