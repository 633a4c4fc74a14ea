import { quantile, rounded } from './median.ts';

type Times = readonly (readonly [sequence: number, at: number])[];

/** Milliseconds from each commit to each coming; complains when some never came. */
export function delaysOf(commits: Times, arrivals: Times, receivers: number): number[] {
  const committed = new Map(commits);
  const delays = arrivals.flatMap(([sequence, at]) => {
    const from = committed.get(sequence);
    return from === undefined ? [] : [at - from];
  });
  const missing = commits.length * receivers - delays.length;
  if (missing !== 0) process.stderr.write(`${missing} changes did not come.\n`);
  return delays;
}

/** How long they took. */
export const summaryOf = (delays: readonly number[]) => ({
  'p50 ms': rounded(quantile(delays, 0.5)),
  'p95 ms': rounded(quantile(delays, 0.95)),
  'p99 ms': rounded(quantile(delays, 0.99)),
  'worst ms': rounded(quantile(delays, 1)),
});
