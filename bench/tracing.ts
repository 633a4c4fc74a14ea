import { parseArgs } from 'node:util';
import { openDatabase } from '../src/store/database.ts';
import { startCluster } from '../test/support/cluster.ts';
import type { Collector } from './collector.ts';
import { openDatabaseCpu } from './database-cpu.ts';
import { startGateway, startServer } from './gateway.ts';
import { load } from './load.ts';
import { populate, TOKEN } from './population.ts';
import { operations } from './queries/operations.ts';
import { keep, say } from './results.ts';
import { table } from './table.ts';
import { rowsOf, takeTurns } from './turns.ts';

/** How much of the requests each one traces. */
const SHARES = { untraced: null, 'at 10 %': '0.1', 'all of them': '1' };

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      calls: { type: 'string', default: '100000' },
      rounds: { type: 'string', default: '7' },
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
    await using own = openDatabase({ url, connections: 2 });
    await populate(own, calls);
  }
  const collector = stack.use(await startServer<Collector>('collector.ts', url));
  const gateways = await Promise.all(
    Object.entries(SHARES).map(async ([name, share]) => {
      const settings = {
        ...(share && {
          OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
          OTEL_TRACES_SAMPLER_ARG: share,
        }),
        OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
      };
      return [name, stack.use(await startGateway(url, settings))] as const;
    }),
  );
  const database = stack.use(openDatabaseCpu(url));
  const headers = { authorization: `Bearer ${TOKEN}` };
  const results: Record<string, object> = {};
  for (const [name, { document, variables }] of Object.entries(operations(calls))) {
    if (!values.only.split(',').includes(name)) continue;
    const nth = (n: number) =>
      JSON.stringify({ query: document, operationName: name, variables: variables(n) });
    const asking = gateways.map(([who, server]) => {
      const ask = () => load({ url: server.url, headers }, nth, { connections, seconds });
      return [who, { server, ask }] as const;
    });
    const rows = rowsOf(
      await takeTurns(Object.fromEntries(asking), { database, rounds }),
      'at 10 %',
    );
    say(`\n${name}\n${table(rows)}`);
    results[name] = rows;
  }
  const bytes = await collector.call('bytes');
  say(`${bytes} bytes of traces\n`);
  await keep('tracing', { calls, rounds, seconds, connections, bytes, results });
}

await main();
