import { setTimeout as sleep } from 'node:timers/promises';

/** How much is to be done. */
export interface Pace {
  /** A second. */
  readonly rate: number;
  readonly seconds: number;
  /** Whether to stop when the time is over, although a slow machine has not done all. */
  readonly mayFallShort?: boolean;
}

/** What is under way at most: more than any pool has connections. */
const MOST_UNDER_WAY = 64;

/** Begins work as often as asked, though not without end while none of it ends; resolves when all has ended. */
export async function atRate(
  { rate, seconds, mayFallShort = false }: Pace,
  work: (index: number) => Promise<unknown>,
): Promise<void> {
  const start = performance.now();
  const under = new Set<Promise<unknown>>();
  let begun = 0;
  while (begun < rate * seconds) {
    const passed = (performance.now() - start) / 1000;
    if (mayFallShort && passed > seconds) break;
    const due = Math.min(rate * seconds, passed * rate);
    while (begun < due && under.size < MOST_UNDER_WAY) {
      const one = work(begun).finally(() => under.delete(one));
      under.add(one);
      begun += 1;
    }
    await sleep(1);
  }
  await Promise.all(under);
}
