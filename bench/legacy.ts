import { parseArgs } from 'node:util';
import { openDatabase } from '../src/store/database.ts';
import { startCluster } from '../test/support/cluster.ts';
import { openDatabaseCpu } from './database-cpu.ts';
import { startGateway, startServer } from './gateway.ts';
import { type Kind, kindsOf } from './legacy/requests.ts';
import { layStock } from './legacy/stock.ts';
import { load, type Target } from './load.ts';
import { populate, TOKEN } from './population.ts';
import type { Probe } from './probe.ts';
import { keep, say } from './results.ts';
import type { Remote } from './rpc.ts';
import { table } from './table.ts';
import { rowsOf, takeTurns } from './turns.ts';

interface Server extends Remote<Probe> {
  readonly url: string;
}

interface Servers {
  readonly limit: Server;
  readonly tandem: Server;
  readonly target: Target;
}

interface Turns {
  readonly rounds: number;
  /** Of each in each round. */
  readonly requests: number;
  readonly connections: number;
}

/** Tandem's legacy URIs, and the limit without and with what Tandem writes beside the change. */
function contestants(
  name: string,
  kind: Kind,
  { limit, tandem, target }: Servers,
  { requests: most, connections }: Turns,
) {
  const during = { connections, seconds: 60, most };
  const prepare = async () => kind.prepare?.(most);
  const plain = (operationName: string) => ({
    server: limit,
    ask: () => load({ url: limit.url, headers: {} }, () => limited(operationName, kind), during),
  });
  const ask = () => load(target, kind.asked, during);
  return {
    limit: plain(name),
    ...(name !== 'list' && { 'limit, logged': plain(`${name} logged`) }),
    Tandem: { server: tandem, prepare, ask },
  };
}

const limited = (operationName: string, kind: Kind) =>
  JSON.stringify({ operationName, variables: { parameter: kind.parameter() } });

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      calls: { type: 'string', default: '1000000' },
      rounds: { type: 'string', default: '5' },
      requests: { type: 'string', default: '300' },
      connections: { type: 'string', default: '8' },
      only: { type: 'string', default: 'list,hang-up,phone call event,user data,call' },
    },
  });
  const [calls = 0, rounds = 0, requests = 0, connections = 0] = [
    ...[values.calls, values.rounds, values.requests, values.connections],
  ].map(Number);
  await using stack = new AsyncDisposableStack();
  const { url } = stack.use(await startCluster());
  const own = stack.use(openDatabase({ url, connections: 2 }));
  await populate(own, calls);
  await layStock(own);
  const limit = stack.use(await startServer('queries/limit-server.ts', url));
  const tandem = stack.use(await startGateway(url, { CONNECTORS: 'bench=simulator:' }));
  const target = { url: tandem.url, headers: { authorization: `Bearer ${TOKEN}` } };
  const database = stack.use(openDatabaseCpu(url));
  const results: Record<string, object> = {};
  for (const [name, kind] of Object.entries(await kindsOf(own, target, calls))) {
    if (!values.only.split(',').includes(name)) continue;
    const all = contestants(
      name,
      kind,
      { limit, tandem, target },
      { rounds, requests, connections },
    );
    const rows = rowsOf(await takeTurns(all, { database, rounds }));
    say(`\n${name}\n${table(rows)}`);
    results[name] = rows;
  }
  await keep('legacy', { calls, rounds, requests, connections, results });
}

await main();
