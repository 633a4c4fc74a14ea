import { parseArgs } from 'node:util';
import postgres from 'postgres';
import { openDatabase } from '../src/store/database.ts';
import { type Cluster, startCluster } from '../test/support/cluster.ts';
import { openClient } from './client.ts';
import { openDatabaseCpu } from './database-cpu.ts';
import { type Gateway, startGateway } from './gateway.ts';
import { checkFull, findPages, PAGE } from './history.ts';
import { BIG, populate, TOKEN } from './population.ts';
import { keep, say } from './results.ts';
import { interleave } from './rounds.ts';
import { table } from './table.ts';

/** A database of its own with so many calls, and a Tandem on it. */
async function start(cluster: Cluster, calls: number, stack: AsyncDisposableStack) {
  const name = `calls_${calls}`;
  const admin = postgres(cluster.url, { max: 1 });
  await admin.unsafe(`create database ${name}`);
  await admin.end();
  const url = Object.assign(new URL(cluster.url), { pathname: `/${name}` }).href;
  await using database = openDatabase({ url, connections: 2 });
  await populate(database, calls);
  const gateway = stack.use(await startGateway(url));
  const { ask } = stack.use(openClient(gateway.url, TOKEN));
  const { pages } = await findPages(ask, BIG);
  await checkFull(ask, BIG, pages);
  const work = Object.entries(pages).map(
    ([page, asked]) => [`${calls}: ${page}`, () => ask(PAGE, { number: BIG, ...asked })] as const,
  );
  return { url, gateway, work };
}

const sum = async (all: readonly (() => Promise<number>)[]) =>
  (await Promise.all(all.map((one) => one()))).reduce((total, one) => total + one, 0);

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      calls: { type: 'string', default: '10000,1000000' },
      rounds: { type: 'string', default: '7' },
      requests: { type: 'string', default: '100' },
    },
  });
  const [rounds = 0, requests = 0] = [values.rounds, values.requests].map(Number);
  await using stack = new AsyncDisposableStack();
  const cluster = stack.use(await startCluster());
  const sizes: Awaited<ReturnType<typeof start>>[] = [];
  for (const calls of values.calls.split(',').map(Number)) {
    sizes.push(await start(cluster, calls, stack));
  }
  const cpu = stack.use(openDatabaseCpu(cluster.url));
  const cpuOf = (gateway: Gateway) => async () => (await gateway.call('usage')).cpuMs;
  const pages = await interleave({
    ...{ rounds, requests },
    work: Object.fromEntries(sizes.flatMap(({ work }) => work)),
    gatewayCpu: () => sum(sizes.map(({ gateway }) => cpuOf(gateway))),
    databaseCpu: cpu.milliseconds,
  });
  say(table(pages));
  await keep('growth', { calls: values.calls, rounds, requests, pages });
}

await main();
