import type { DatabaseCpu } from './database-cpu.ts';
import type { Rate } from './load.ts';
import { median, quantile, rounded } from './median.ts';
import type { Probe } from './probe.ts';
import type { Remote } from './rpc.ts';

/** Somebody who is asked in turns with others. */
export interface Asked {
  readonly server: Remote<Probe>;
  /** Gets ready what the requests of a round use up; it is not measured. */
  prepare?(): Promise<void>;
  /** Asks for a while. */
  ask(): Promise<Rate>;
}

/** What is measured of one in one round. */
interface Block {
  readonly perSecond: number;
  readonly p50: number;
  readonly serverCpu: number;
  readonly databaseCpu: number;
}

async function block({ server, prepare, ask }: Asked, database: DatabaseCpu): Promise<Block> {
  await prepare?.();
  const before = [(await server.call('usage')).cpuMs, await database.milliseconds()] as const;
  const rate = await ask();
  return {
    perSecond: rate.perSecond,
    p50: quantile(rate.times, 0.5),
    serverCpu: ((await server.call('usage')).cpuMs - before[0]) / rate.requests,
    databaseCpu: ((await database.milliseconds()) - before[1]) / rate.requests,
  };
}

interface Turns {
  readonly database: DatabaseCpu;
  readonly rounds: number;
  /** Rounds before these, which only warm up. */
  readonly warmUp?: number;
}

/** A B C, A B C, ... */
export async function takeTurns(
  all: Readonly<Record<string, Asked>>,
  { database, rounds, warmUp = 1 }: Turns,
) {
  const blocks: Record<string, Block[]> = {};
  for (let round = -warmUp; round < rounds; round += 1) {
    for (const [name, asked] of Object.entries(all)) {
      const measured = await block(asked, database);
      if (round >= 0) blocks[name] = [...(blocks[name] ?? []), measured];
    }
  }
  return blocks;
}

/** Medians, and medians of the ratios within each round, everybody beside the first one. */
export function rowsOf(blocks: Readonly<Record<string, readonly Block[]>>, ours = 'Tandem') {
  const rates = (name: string) => blocks[name]?.map(({ perSecond }) => perSecond) ?? [];
  const ratio = (of: string, to: string) =>
    rounded(median(rates(of).map((rate, at) => rate / (rates(to)[at] ?? Number.NaN))));
  const [first = ''] = Object.keys(blocks);
  return Object.fromEntries(
    Object.entries(blocks).map(([name, own]) => {
      const middle = (value: (block: Block) => number) => rounded(median(own.map(value)));
      const row = {
        'requests/s': middle(({ perSecond }) => perSecond),
        [`of the ${first}`]: ratio(name, first),
        [`${ours} is`]: ratio(ours, name),
        p50: middle(({ p50 }) => p50),
        serverCpu: middle(({ serverCpu }) => serverCpu),
        databaseCpu: middle(({ databaseCpu }) => databaseCpu),
      };
      return [name, row];
    }),
  );
}
