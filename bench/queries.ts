import { parseArgs } from 'node:util';
import { openDatabase } from '../src/store/database.ts';
import { startCluster } from '../test/support/cluster.ts';
import { openDatabaseCpu } from './database-cpu.ts';
import { load } from './load.ts';
import { populate } from './population.ts';
import { startContestants } from './queries/contestants.ts';
import { operations } from './queries/operations.ts';
import { keep, say } from './results.ts';
import { table } from './table.ts';
import { rowsOf, takeTurns } from './turns.ts';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      calls: { type: 'string', default: '1000000' },
      rounds: { type: 'string', default: '5' },
      'warm-up': { type: 'string', default: '5' },
      seconds: { type: 'string', default: '2' },
      connections: { type: 'string', default: '8' },
      only: { type: 'string', default: 'Q1,Q2,Q3,M1' },
    },
  });
  const [calls = 0, rounds = 0, warmUp = 0, seconds = 0, connections = 0] = [
    ...[values.calls, values.rounds, values['warm-up'], values.seconds, values.connections],
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
    const asking = Object.entries(name === 'M1' ? all : others).map(
      ([who, { server, target, bodyOf }]) => {
        const ask = () => load(target, (n) => bodyOf(name, operation, n), { connections, seconds });
        return [who, { server, ask }] as const;
      },
    );
    const rows = rowsOf(await takeTurns(Object.fromEntries(asking), { database, rounds, warmUp }));
    say(`\n${name}\n${table(rows)}`);
    results[name] = rows;
  }
  await keep('queries', { calls, rounds, warmUp, seconds, connections, results });
}

await main();
