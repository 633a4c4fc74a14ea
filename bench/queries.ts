import { parseArgs } from 'node:util';
import { openDatabase } from '../src/store/database.ts';
import { startCluster } from '../test/support/cluster.ts';
import { type DatabaseCpu, openDatabaseCpu } from './database-cpu.ts';
import { load } from './load.ts';
import { median, quantile, rounded } from './median.ts';
import { populate } from './population.ts';
import { type Contestant, startContestants } from './queries/contestants.ts';
import { type Operation, operations } from './queries/operations.ts';
import { keep, say } from './results.ts';
import { table } from './table.ts';

/** What is measured of one contestant in one round. */
interface Block {
  readonly perSecond: number;
  readonly p50: number;
  readonly serverCpu: number;
  readonly databaseCpu: number;
}

interface Turns {
  readonly rounds: number;
  readonly seconds: number;
  readonly connections: number;
}

async function block(
  { server, target, bodyOf }: Contestant,
  [name, operation]: readonly [string, Operation],
  database: DatabaseCpu,
  turns: Turns,
): Promise<Block> {
  const before = [(await server.call('usage')).cpuMs, await database.milliseconds()] as const;
  const rate = await load(target, (n) => bodyOf(name, operation, n), turns);
  return {
    perSecond: rate.perSecond,
    p50: quantile(rate.times, 0.5),
    serverCpu: ((await server.call('usage')).cpuMs - before[0]) / rate.requests,
    databaseCpu: ((await database.milliseconds()) - before[1]) / rate.requests,
  };
}

/** A B C, A B C, ...; a first round only warms up. */
async function measure(
  contestants: Readonly<Record<string, Contestant>>,
  operation: readonly [string, Operation],
  database: DatabaseCpu,
  turns: Turns,
) {
  const blocks: Record<string, Block[]> = {};
  for (let round = 0; round <= turns.rounds; round += 1) {
    for (const [name, contestant] of Object.entries(contestants)) {
      const measured = await block(contestant, operation, database, turns);
      if (round > 0) blocks[name] = [...(blocks[name] ?? []), measured];
    }
  }
  return blocks;
}

/** Medians, and of the ratios within each round. */
function rowsOf(blocks: Readonly<Record<string, readonly Block[]>>) {
  const rates = (name: string) => blocks[name]?.map(({ perSecond }) => perSecond) ?? [];
  const ratio = (of: string, to: string) =>
    rounded(median(rates(of).map((rate, at) => rate / (rates(to)[at] ?? Number.NaN))));
  return Object.fromEntries(
    Object.entries(blocks).map(([name, own]) => {
      const middle = (value: (block: Block) => number) => rounded(median(own.map(value)));
      const row = {
        'requests/s': middle(({ perSecond }) => perSecond),
        'of the limit': ratio(name, 'limit'),
        'Tandem is': ratio('Tandem', name),
        p50: middle(({ p50 }) => p50),
        serverCpu: middle(({ serverCpu }) => serverCpu),
        databaseCpu: middle(({ databaseCpu }) => databaseCpu),
      };
      return [name, row];
    }),
  );
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      calls: { type: 'string', default: '1000000' },
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '2' },
      connections: { type: 'string', default: '8' },
      only: { type: 'string', default: 'Q1,Q2,Q3,M1' },
    },
  });
  const [calls = 0, rounds = 0, seconds = 0, connections = 0] = [
    ...[values.calls, values.rounds, values.seconds, values.connections],
  ].map(Number);
  await using stack = new AsyncDisposableStack();
  const { url } = stack.use(await startCluster());
  {
    await using database = openDatabase({ url, connections: 2 });
    await populate(database, calls);
  }
  const all = await startContestants(url, stack);
  const { 'limit, logged': logged, ...others } = all;
  const database = stack.use(openDatabaseCpu(url));
  const results: Record<string, object> = {};
  for (const [name, operation] of Object.entries(operations(calls))) {
    if (!values.only.split(',').includes(name)) continue;
    const asked = name === 'M1' ? all : others;
    const turns = { rounds, seconds, connections };
    const rows = rowsOf(await measure(asked, [name, operation], database, turns));
    say(`\n${name}\n${table(rows)}`);
    results[name] = rows;
  }
  await keep('queries', { calls, rounds, seconds, connections, results });
}

await main();
