/** Whoever found something looks again by itself within 30 ms. */
const AWAKE_MS = 20;
/** But one that could not look, and waits longer, should not wait for the end of a long load. */
const LONGEST_MS = 500;

/**
 * Whether others have to be woken, asked at each commit: not while one follows the other so closely that all who look are
 * awake. Each ring takes a lock that commits wait for, and a turn of every process that listens.
 */
export function createNeed(now: () => number = () => performance.now()): () => boolean {
  let last = Number.NEGATIVE_INFINITY;
  let woken = Number.NEGATIVE_INFINITY;
  return () => {
    const time = now();
    const areAwake = time - last < AWAKE_MS && time - woken < LONGEST_MS;
    last = time;
    if (!areAwake) woken = time;
    return !areAwake;
  };
}
