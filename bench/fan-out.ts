import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openDatabase } from '../src/store/database.ts';
import { startCluster } from '../test/support/cluster.ts';
import { type Audience, type Contestant, imitate, raw, stock, tandem } from './contestants.ts';
import type { Crowd } from './crowd.ts';
import { startGateway, startServer } from './gateway.ts';
import { median, rounded } from './median.ts';
import { openProcess } from './processes.ts';
import type { RawServer } from './raw-server.ts';
import { keep, say } from './results.ts';
import type { Remote } from './rpc.ts';
import { layScene } from './scene.ts';
import type { StockServer } from './stock-server.ts';
import { table } from './table.ts';
import { openWriter } from './writer.ts';

/** As long as graphql-ws takes to ping everybody once. */
const IDLE_MS = 12_000;
/** Changes of a turn where each goes to everybody. */
const CHANGES = 20;
/** Changes of each seat in a turn where each goes to one. */
const TURNS_OF_EACH = 4;
/** Of each contestant, until its code is compiled. */
const WARM_UP_TURNS = 3;
/** Messages under way at once. */
const MOST_UNDER_WAY = 25_000;

interface Options {
  readonly subscribers: number;
  readonly rounds: number;
  readonly audience: Audience;
  readonly profile: string | undefined;
}

/** Seats a contestant's crowd. */
async function gather(crowd: Remote<Crowd>, group: string, one: Contestant, size: number) {
  const start = performance.now();
  const seats = Array.from({ length: size }, (_, index) => one.seat(index));
  await crowd.call('connect', { group, seats, watches: false });
  say(`${group}: ${size} live in ${((performance.now() - start) / 1000).toFixed(1)} s\n`);
}

const cpuOf = async ({ server }: Contestant) => (await server.call('usage')).cpuMs;

/** Milliseconds of CPU a millisecond, while nothing is told. */
async function idleOf(contestants: readonly Contestant[]) {
  const before = await Promise.all(contestants.map(cpuOf));
  await sleep(IDLE_MS);
  const after = await Promise.all(contestants.map(cpuOf));
  return after.map((cpu, index) => (cpu - (before[index] ?? 0)) / IDLE_MS);
}

interface Turn {
  readonly group: string;
  readonly contestant: Contestant;
  readonly idle: number;
  /** Changes told so far. */
  told: number;
}

/** Tells so many changes, and gives the microseconds of CPU a message. */
async function take(turn: Turn, crowd: Remote<Crowd>, { subscribers, audience }: Options) {
  const receivers = audience === 'same-topic' ? subscribers : 1;
  const changes = audience === 'same-topic' ? CHANGES : TURNS_OF_EACH * subscribers;
  const step = Math.max(1, Math.floor(MOST_UNDER_WAY / receivers));
  const start = performance.now();
  const cpu = await cpuOf(turn.contestant);
  for (let left = changes; left > 0; left -= step) {
    const to = turn.told + Math.min(step, left);
    await turn.contestant.tell(turn.told, to);
    turn.told = to;
    await crowd.call('reached', turn.group, to * receivers);
  }
  const used = (await cpuOf(turn.contestant)) - cpu;
  const idle = turn.idle * (performance.now() - start);
  return ((used - idle) * 1000) / (changes * receivers);
}

/** The costs of each turn, by contestant. */
async function rounds(turns: readonly Turn[], crowd: Remote<Crowd>, options: Options) {
  const measured = Object.fromEntries(turns.map(({ group }) => [group, [] as number[]]));
  for (let round = 0; round < options.rounds; round += 1) {
    for (const turn of turns) measured[turn.group]?.push(await take(turn, crowd, options));
  }
  return measured;
}

async function measure(options: Options) {
  const { subscribers, audience } = options;
  await using cluster = await startCluster();
  await using database = openDatabase({ url: cluster.url, connections: 10 });
  const scene = await layScene(database, 'bench', audience === 'same-topic' ? 1 : subscribers);
  await using writer = await openWriter(database);
  await using crowd = openProcess<Crowd>('crowd.ts');
  await using broadcast = await startServer<RawServer>('raw-server.ts', cluster.url);
  await using graphqlWs = await startServer<StockServer>('stock-server.ts', cluster.url);
  await using gateway = await startGateway(cluster.url);
  const contestants: Record<string, Contestant> = {
    'raw ws': raw(broadcast, { audience, scene }),
    'stock graphql-ws': stock(graphqlWs, { audience, scene }),
    tandem: tandem(gateway, { audience, scene }, writer),
  };
  for (const [name, one] of Object.entries(contestants)) {
    await gather(crowd, name, one, subscribers);
  }
  while ((await graphqlWs.call('subscribers')) < subscribers) await sleep(100);
  const idle = await idleOf(Object.values(contestants));
  const turns = Object.entries(contestants).map(([group, contestant], index): Turn => {
    return { group, contestant, idle: idle[index] ?? 0, told: 0 };
  });
  // The last one warms up first: what it sends, the first one imitates.
  for (const turn of turns.toReversed()) {
    if (turn.group === 'raw ws') await imitate(broadcast, await crowd.call('frame', 'tandem'));
    for (let warm = 0; warm < WARM_UP_TURNS; warm += 1) await take(turn, crowd, options);
  }
  const measured = await rounds(turns, crowd, options);
  const { profile } = options;
  const last = turns.at(-1);
  if (profile && last) {
    await gateway.call('startProfile');
    await take(last, crowd, options);
    await gateway.call('writeProfile', profile);
  }
  const frame = await crowd.call('frame', 'tandem');
  const tallies = await Promise.all(turns.map(({ group }) => crowd.call('tally', group)));
  return { measured, tallies, idle, bytes: frame.length };
}

function summary(measured: Record<string, number[]>) {
  const ratios = (costs: readonly number[], base: string) =>
    rounded(median(costs.map((cost, round) => (measured[base]?.[round] ?? Number.NaN) / cost)));
  const rows = Object.entries(measured).map(([name, costs]) => {
    const cost = median(costs);
    return [
      name,
      {
        'µs a message': rounded(cost),
        'messages a CPU second': Math.round(1e6 / cost),
        'of raw': ratios(costs, 'raw ws'),
        'of stock': ratios(costs, 'stock graphql-ws'),
      },
    ] as const;
  });
  return Object.fromEntries(rows);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      subscribers: { type: 'string', default: '5000' },
      rounds: { type: 'string', default: '5' },
      audience: { type: 'string', default: 'same-topic' },
      profile: { type: 'string' },
    },
  });
  const options = {
    subscribers: Number(values.subscribers),
    rounds: Number(values.rounds),
    audience: values.audience as Audience, // else no contestant has seats for it
    profile: values.profile,
  };
  const { measured, ...facts } = await measure(options);
  const rows = summary(measured);
  say(table(rows));
  await keep(`fan-out-${options.audience}`, { ...options, ...facts, rows, measured });
}

await main();
