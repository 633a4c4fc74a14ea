/** Whoever found something looks again after the rest of its pace, and once more 25 ms later. */
const AWAKE_MS = 20;
/** No rest is longer. */
const LATELY_MS = 100;
/** But one that could not look, and waits longer, should not wait for the end of a long load. */
const LONGEST_MS = 500;

/**
 * Whether others have to be woken, asked whenever there may be something to find: not while one time follows the other so
 * closely, and news are found, that all who look are awake. Each ring is a transaction, and a turn of every process that
 * listens.
 * @param newsAge milliseconds since this process found something
 */
export function createNeed(newsAge: () => number, now = () => performance.now()): () => boolean {
  let last = Number.NEGATIVE_INFINITY;
  let woken = Number.NEGATIVE_INFINITY;
  return () => {
    const time = now();
    const areAwake = time - last < AWAKE_MS && time - woken < LONGEST_MS && newsAge() < LATELY_MS;
    last = time;
    if (!areAwake) woken = time;
    return !areAwake;
  };
}
