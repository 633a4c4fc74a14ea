/** How long a beat of the lock's connection makes sure of the lock; Postgres gives it to nobody else before that. */
export const LEASE_MS = 3000;

/** Whether the locks of a session are ours, as far as one can know without asking. */
export interface Lease {
  /** Aborts when they may be another's, with the reason. */
  readonly over: AbortSignal;
  isHeld(): boolean;
  /** Postgres has answered what was sent at that time of `performance`. */
  renew(sentAt: number): void;
  /** They are given up, or gone: why. */
  end(reason: string): void;
}

/** Begins as if it had been renewed just now, but is held only from the first answer on. */
export function createLease(): Lease {
  const over = new AbortController();
  let until = 0;
  let untilByDate = 0;
  const end = (reason: string) => {
    clearTimeout(timer);
    over.abort(new Error(reason));
  };
  const arm = (ms: number) => setTimeout(end, ms, 'The database does not answer in time.').unref();
  let timer = arm(LEASE_MS);
  return {
    over: over.signal,
    // In a process that was stopped no timer has run yet, and in a machine that was, not even the first clock.
    isHeld: () => !over.signal.aborted && performance.now() < until && Date.now() < untilByDate,
    renew(sentAt) {
      if (over.signal.aborted) return;
      until = sentAt + LEASE_MS;
      untilByDate = Date.now() + until - performance.now();
      clearTimeout(timer);
      timer = arm(until - performance.now());
    },
    end,
  };
}
