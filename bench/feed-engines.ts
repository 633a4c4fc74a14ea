import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { openFeed } from '../src/feed/open.ts';
import { type Database, openDatabase } from '../src/store/database.ts';
import { migrate } from '../src/store/migrate.ts';
import { startCluster } from '../test/support/cluster.ts';
import { startNats } from '../test/support/nats.ts';
import { layOrganization } from '../test/support/organization.ts';
import { record, switchCall } from '../test/support/switch-call.ts';
import { openDatabaseCpu } from './database-cpu.ts';
import type { FeedUsage } from './feed-process.ts';
import { table } from './table.ts';

const RATE = 100;
const WARM_UP_S = 3;
const SECONDS = 6;
const IDLE_S = 3;
/** By then the last change has been told. */
const ARRIVED_MS = 300;
const ROUNDS = 3;
const PROCESSES = [1, 3];

/** Commits changes evenly, and says so to the feed as a Tandem does. */
async function write(database: Database, wake: () => void, seconds: number) {
  const start = performance.now();
  for (let n = 1; n <= seconds * RATE; n += 1) {
    const at = new Date().toISOString();
    await database.rows(sql`
      insert into call_changes (organization_id, call_id, version, kind, occurred_at, state, extension_ids, owner_ids)
      select organization_id, call_id, version, kind, ${at}::timestamptz, state, extension_ids, owner_ids
      from call_changes limit 1`);
    wake();
    await pause(Math.max(0, start + (n * 1000) / RATE - performance.now()));
  }
}

async function usageOf(children: readonly ChildProcess[]): Promise<FeedUsage[]> {
  const answers = children.map(async (child) => {
    const [usage] = await once(child, 'message');
    return usage; // what feed-process.ts sends
  });
  for (const child of children) child.send('usage');
  return Promise.all(answers);
}

const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);
const quantile = (numbers: readonly number[], share: number) =>
  numbers.toSorted((a, b) => a - b)[Math.floor(share * (numbers.length - 1))] ?? Number.NaN;

/** This process writes, and is not measured; so many others follow. */
async function measure(url: string, natsUrl: string | undefined, processes: number) {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(openDatabase({ url, connections: 2 }));
  const cpu = stack.use(openDatabaseCpu(url));
  const file = join(import.meta.dirname, 'feed-process.ts');
  const children = Array.from({ length: processes }, () =>
    stack.adopt(fork(file, natsUrl ? [url, natsUrl] : [url]), (child) => child.disconnect()),
  );
  // So that the relay is among those that are measured.
  await pause(2500);
  const onError = () => {};
  const feed = stack.use(await openFeed({ database, databaseUrl: url, natsUrl, onError }));
  await write(database, feed.wake, WARM_UP_S);
  await pause(ARRIVED_MS);
  await usageOf(children);
  const cpuBefore = await cpu.milliseconds();
  await write(database, feed.wake, SECONDS);
  const databaseCpu = (await cpu.milliseconds()) - cpuBefore;
  await pause(ARRIVED_MS);
  const busy = await usageOf(children);
  await pause(IDLE_S * 1000);
  const idle = await usageOf(children);
  const changes = SECONDS * RATE;
  if (busy.some((usage) => usage.changes !== changes)) throw new Error('Changes are missing.');
  const delays = busy.flatMap((usage) => usage.delays);
  return {
    'CPU us/change/process': (sum(busy.map(({ cpuMs }) => cpuMs)) * 1000) / changes / processes,
    'looks/s': sum(busy.map(({ looks }) => looks)) / SECONDS,
    'idle looks/s': sum(idle.map(({ looks }) => looks)) / IDLE_S,
    'Postgres CPU ms/s': databaseCpu / SECONDS,
    'p50 ms': quantile(delays, 0.5),
    'p99 ms': quantile(delays, 0.99),
  };
}

type Row = Awaited<ReturnType<typeof measure>>;

async function main(): Promise<void> {
  await using cluster = await startCluster();
  await using nats = await startNats();
  await using database = openDatabase({ url: cluster.url, connections: 2 });
  await migrate(database);
  const { numbers } = await layOrganization(database);
  await record(database, switchCall([numbers.front, '0722']));
  const found: Record<string, Row[]> = {};
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const processes of PROCESSES) {
      for (const natsUrl of [undefined, nats.url]) {
        const name = `${natsUrl ? 'NATS' : 'Postgres'}, ${processes}`;
        const row = await measure(cluster.url, natsUrl, processes);
        found[name] = [...(found[name] ?? []), row];
      }
    }
  }
  const medians = Object.fromEntries(
    Object.entries(found).map(([name, rows]) => [name, medianOf(rows)]),
  );
  process.stdout.write(table(medians));
  const folder = join(import.meta.dirname, 'results');
  await mkdir(folder, { recursive: true });
  const result = { changesASecond: RATE, rounds: ROUNDS, node: process.version, medians };
  await writeFile(join(folder, 'feed-engines.json'), `${JSON.stringify(result, null, 2)}\n`);
}

function medianOf(rows: readonly Row[]): Record<string, number> {
  const names = Object.keys(rows[0] ?? {}) as (keyof Row)[];
  const median = (name: keyof Row) =>
    Math.round(
      quantile(
        rows.map((row) => row[name]),
        0.5,
      ) * 100,
    ) / 100;
  return Object.fromEntries(names.map((name) => [name, median(name)]));
}

await main();
