import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openDatabase } from '../src/store/database.ts';
import { startCluster } from '../test/support/cluster.ts';
import { subscribing } from './contestants.ts';
import type { Crowd } from './crowd.ts';
import { delaysOf, summaryOf } from './delays.ts';
import { type Gateway, startGateway, startServer } from './gateway.ts';
import { rounded } from './median.ts';
import type { Pace } from './pace.ts';
import { openProcess } from './processes.ts';
import { keep, say } from './results.ts';
import type { Remote } from './rpc.ts';
import { layScene, type Scene } from './scene.ts';
import type { SwitchServer } from './switch-server.ts';
import { table } from './table.ts';
import type { WriterProcess } from './writer-process.ts';

/** Numbers of changes, and when they were committed or came. */
type Times = [sequence: number, at: number][];

interface Part {
  readonly crowd: Remote<Crowd>;
  readonly group: string;
  readonly gateway: Pick<Gateway, 'url' | 'call'>;
  readonly scene: Scene;
  write(pace: Pace): Promise<Times>;
}

/** Seats a crowd, each on its own extension, and times what is written. */
async function time({ crowd, group, gateway, scene, write }: Part, pace: Pace) {
  const { seats: size } = scene;
  const seatOf = subscribing(gateway.url, { audience: 'own-extension', scene }, true);
  const seats = Array.from({ length: size }, (_, index) => seatOf(index));
  await crowd.call('connect', { group, seats, watches: true });
  say(`${group}: ${size} live\n`);
  // What compiles at the beginning of a run is not what is asked.
  await write({ ...pace, seconds: 3 });
  await sleep(2000);
  await crowd.call('arrivals', group);
  const cpu = (await gateway.call('usage')).cpuMs;
  const start = performance.now();
  const commits = await write(pace);
  const seconds = (performance.now() - start) / 1000;
  const cpuMs = (await gateway.call('usage')).cpuMs - cpu;
  await sleep(2000);
  const arrivals = await crowd.call('arrivals', group);
  const { disordered } = await crowd.call('tally', group);
  await crowd.call('leave', group);
  const delays = delaysOf(commits, arrivals, 1);
  return {
    'changes/s': rounded(commits.length / seconds),
    ...summaryOf(delays),
    'CPU %': rounded(cpuMs / seconds / 10),
    lost: commits.length - delays.length,
    disordered,
  };
}

async function measure(size: number, pace: Pace) {
  await using cluster = await startCluster();
  const { url } = cluster;
  await using database = openDatabase({ url, connections: 10 });
  const scene = await layScene(database, 'bench', size);
  await using crowd = openProcess<Crowd>('crowd.ts');
  const rows: Record<string, object> = {};
  {
    await using gateway = await startGateway(url);
    await using writer = openProcess<WriterProcess>('writer-process.ts', [url]);
    await writer.call('ready');
    const write = (asked: Pace) => writer.call('write', scene.callIds, asked);
    const group = 'written by another process';
    rows[group] = await time({ crowd, group, gateway, scene, write }, pace);
    say(table(rows));
  }
  {
    await using gateway = await startServer<SwitchServer>('switch-server.ts', url);
    const write = (asked: Pace) => gateway.call('ring', scene.key, size, asked);
    const group = 'said by its own switch';
    const part = { crowd, group, gateway: gateway as Gateway, scene, write };
    rows[group] = await time(part, pace);
  }
  return rows;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      subscribers: { type: 'string', default: '5000' },
      rate: { type: 'string', default: '500' },
      seconds: { type: 'string', default: '30' },
    },
  });
  const pace = {
    rate: Number(values.rate),
    seconds: Number(values.seconds),
    mayFallShort: true,
  };
  const rows = await measure(Number(values.subscribers), pace);
  say(table(rows));
  await keep('latency', { subscribers: Number(values.subscribers), ...pace, rows });
}

await main();
