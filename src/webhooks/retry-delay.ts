const FIRST_MS = 1000;
const LONGEST_MS = 3_600_000;

/**
 * Milliseconds until the next try after so many failures in a row, from 1 on: about 1 s doubling to an hour, less
 * up to half of it by chance, so that what failed together does not come back together.
 */
export function retryDelay(failures: number, random: () => number): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 20));
  return ceiling * (1 - random() / 2);
}
