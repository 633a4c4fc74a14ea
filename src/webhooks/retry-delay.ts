const FIRST_MS = 1000;
const LONGEST_MS = 3_600_000;

/**
 * Milliseconds until the next try after so many failures in a row, from 1 on: about 1 s doubling to an hour, less
 * up to half of it by chance, so that what failed together does not come back together. Later where the receiver asks for it, up to
 * an hour; then it comes back within a tenth more.
 * @param retryAfterMs null when it does not ask.
 */
export function retryDelay(
  failures: number,
  random: () => number,
  retryAfterMs: number | null = null,
): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 20));
  const asked = Math.min(LONGEST_MS, retryAfterMs ?? 0);
  return Math.max(ceiling * (1 - random() / 2), asked * (1 + random() / 10));
}
