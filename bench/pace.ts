import { setTimeout as sleep } from 'node:timers/promises';

/** How much is to be done. */
export interface Pace {
  /** A second. */
  readonly rate: number;
  readonly seconds: number;
}

/** Begins work as often as asked, whether what began before has ended or not; resolves when all has. */
export async function atRate({ rate, seconds }: Pace, work: (index: number) => Promise<unknown>) {
  const start = performance.now();
  const all: Promise<unknown>[] = [];
  while (all.length < rate * seconds) {
    const due = Math.min(rate * seconds, ((performance.now() - start) * rate) / 1000);
    while (all.length < due) all.push(work(all.length));
    await sleep(1);
  }
  await Promise.all(all);
}
