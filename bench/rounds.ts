import { quantile, rounded } from './median.ts';

/** Medians over the rounds; times in milliseconds. */
export interface Measured {
  readonly p50: number;
  readonly p95: number;
  /** The median of each round's p50 by the p50 of the first work in the same round. */
  readonly ratio: number;
  readonly gatewayCpu: number;
  readonly databaseCpu: number;
}

interface Rounds {
  readonly rounds: number;
  /** Of each work in each round, one after the other. */
  readonly requests: number;
  readonly work: Readonly<Record<string, () => Promise<unknown>>>;
  /** Milliseconds of CPU so far. */
  readonly gatewayCpu: () => Promise<number>;
  readonly databaseCpu: () => Promise<number>;
}

type Block = Omit<Measured, 'ratio'>;

/** Measures A B C, A B C, ...: what else the machine does falls on all of them. A first round only warms up. */
export async function interleave(options: Rounds): Promise<Record<string, Measured>> {
  const names = Object.keys(options.work);
  const rounds: Record<string, Block>[] = [];
  for (let round = 0; round <= options.rounds; round += 1) {
    const blocks: Record<string, Block> = {};
    for (const name of names) blocks[name] = await block(options, name);
    if (round > 0) rounds.push(blocks);
  }
  const [first = ''] = names;
  return Object.fromEntries(names.map((name) => [name, summary(rounds, name, first)]));
}

async function block(options: Rounds, name: string): Promise<Block> {
  const { requests, gatewayCpu, databaseCpu } = options;
  const before = [await gatewayCpu(), await databaseCpu()] as const;
  const times: number[] = [];
  for (let request = 0; request < requests; request += 1) {
    const start = performance.now();
    await options.work[name]?.();
    times.push(performance.now() - start);
  }
  return {
    p50: quantile(times, 0.5),
    p95: quantile(times, 0.95),
    gatewayCpu: ((await gatewayCpu()) - before[0]) / requests,
    databaseCpu: ((await databaseCpu()) - before[1]) / requests,
  };
}

function summary(rounds: readonly Record<string, Block>[], name: string, first: string): Measured {
  const median = (value: (blocks: Record<string, Block>) => number | undefined) =>
    rounded(
      quantile(
        rounds.map((blocks) => value(blocks) ?? Number.NaN),
        0.5,
      ),
    );
  return {
    p50: median((blocks) => blocks[name]?.p50),
    p95: median((blocks) => blocks[name]?.p95),
    ratio: median((blocks) => (blocks[name]?.p50 ?? Number.NaN) / (blocks[first]?.p50 ?? 1)),
    gatewayCpu: median((blocks) => blocks[name]?.gatewayCpu),
    databaseCpu: median((blocks) => blocks[name]?.databaseCpu),
  };
}
