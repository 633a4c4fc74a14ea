const FIRST_MS = 250;
const LONGEST_MS = 10_000;

/** How long to wait before the next try. */
export interface Backoff {
  /** Milliseconds: 250 doubling to 10 000, less up to half of it by chance. */
  next(): number;
  /** A try succeeded: begin anew. */
  reset(): void;
}

/** Back-off with jitter, so that many waiting for one switch do not come back all at once. */
export function createBackoff(random: () => number): Backoff {
  let ceiling = FIRST_MS;
  return {
    next() {
      const delay = ceiling * (1 - random() / 2);
      ceiling = Math.min(LONGEST_MS, ceiling * 2);
      return delay;
    },
    reset() {
      ceiling = FIRST_MS;
    },
  };
}
