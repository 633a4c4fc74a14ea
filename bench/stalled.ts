import { parseArgs } from 'node:util';
import { openDatabase } from '../src/store/database.ts';
import { startCluster } from '../test/support/cluster.ts';
import { subscribing } from './contestants.ts';
import type { Crowd } from './crowd.ts';
import { delaysOf, summaryOf } from './delays.ts';
import { startGateway } from './gateway.ts';
import { rounded } from './median.ts';
import { openProcess } from './processes.ts';
import { keep, say } from './results.ts';
import { layScene } from './scene.ts';
import { table } from './table.ts';
import type { WriterProcess } from './writer-process.ts';

const GOOD = 100;
/** In a change's user data: the kernel's buffers are full after a few hundred of them. */
const FILLER = 16_000;
/** graphql-ws cuts off whoever does not answer its pings for 24 s: twice this, and what is late, must be over before. */
const PACE = { rate: 40, seconds: 8, filler: FILLER };

async function measure(stalled: number, rounds: number) {
  await using cluster = await startCluster();
  const { url } = cluster;
  await using database = openDatabase({ url, connections: 10 });
  const scene = await layScene(database, 'bench', 1);
  await using crowd = openProcess<Crowd>('crowd.ts');
  await using others = openProcess<Crowd>('crowd.ts');
  await using writer = openProcess<WriterProcess>('writer-process.ts', [url]);
  await using gateway = await startGateway(url);
  const seatOf = subscribing(gateway.url, { audience: 'same-topic', scene }, true);
  const seats = (size: number) => Array.from({ length: size }, (_, index) => seatOf(index));
  await crowd.call('connect', { group: 'good', seats: seats(GOOD), watches: true });

  let told = 0;

  /** Writes, and gives how long each change took to each of the good ones. */
  async function run() {
    await crowd.call('arrivals', 'good');
    const commits = await writer.call('write', scene.callIds, PACE);
    told += commits.length;
    await crowd.call('reached', 'good', told * GOOD);
    return delaysOf(commits, await crowd.call('arrivals', 'good'), GOOD);
  }

  await run();
  const alone: number[][] = [];
  const filling: number[][] = [];
  const beside: number[][] = [];
  const bytes: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    alone.push(await run());
    const group = `stalled ${round}`;
    await others.call('connect', { group, seats: seats(stalled), watches: false });
    const before = await gateway.call('memory');
    await others.call('stall', group);
    // Until their buffers are full, the kernel takes for them as for any other.
    filling.push(await run());
    beside.push(await run());
    const after = await gateway.call('memory');
    await expectPresent(gateway.url, stalled + GOOD);
    bytes.push((after.bytes - before.bytes) / stalled);
    say(`${group}: ${rounded((bytes.at(-1) ?? 0) / 1024)} kB each\n`);
    await others.call('leave', group);
  }
  return { alone: alone.flat(), filling: filling.flat(), beside: beside.flat(), bytes };
}

/** Those that had been cut off by then would hold nothing. */
async function expectPresent(url: string, wanted: number) {
  const metrics = await (await fetch(new URL('/metrics', url))).text();
  const present = Number(/^tandem_subscribers (\d+)/m.exec(metrics)?.[1]);
  if (present !== wanted) throw new Error(`${present} are connected instead of ${wanted}.`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      stalled: { type: 'string', default: '1000' },
      rounds: { type: 'string', default: '5' },
    },
  });
  const stalled = Number(values.stalled);
  const { alone, filling, beside, bytes } = await measure(stalled, Number(values.rounds));
  const rows = {
    'good ones alone': summaryOf(alone),
    'while buffers fill': summaryOf(filling),
    'beside stalled ones': summaryOf(beside),
  };
  say(table(rows));
  await keep('stalled', { good: GOOD, stalled, filler: FILLER, rows, bytesOfAStalledOne: bytes });
}

await main();
