import { parseArgs } from 'node:util';
import { openDatabase } from '../src/store/database.ts';
import { startCluster } from '../test/support/cluster.ts';
import { type Audience, subscribing } from './contestants.ts';
import type { Crowd } from './crowd.ts';
import { type Gateway, startGateway } from './gateway.ts';
import { median, rounded } from './median.ts';
import type { Seat } from './member.ts';
import { openProcess } from './processes.ts';
import { keep, say } from './results.ts';
import type { Remote } from './rpc.ts';
import { layScene } from './scene.ts';
import { table } from './table.ts';
import type { WriterProcess } from './writer-process.ts';

interface Options {
  readonly subscribers: number;
  readonly rounds: number;
  readonly audience: Audience;
  readonly profile: string | undefined;
}

/** What is told while they are away, and to those who share a topic once more while they come back. */
const RHYTHMS = {
  'same-topic': { calls: 1, pace: { rate: 5, seconds: 1 }, each: 5, goesOn: true },
  'own-extension': { calls: null, pace: { rate: 1000 }, each: 1, goesOn: false },
  'own-user': { calls: null, pace: { rate: 1000 }, each: 1, goesOn: false },
};

const group = 'all';

interface Scenery {
  readonly crowd: Remote<Crowd>;
  readonly gateway: Gateway;
  readonly seats: readonly Seat[];
  readonly rhythm: (typeof RHYTHMS)[Audience];
  write(): Promise<unknown>;
}

/** All leave, miss something, and come back at once. */
async function comeBack(
  { crowd, gateway, seats, rhythm, write }: Scenery,
  toldBefore: number,
  beforeThat?: () => Promise<unknown>,
) {
  const cpuOf = async () => (await gateway.call('usage')).cpuMs;
  await crowd.call('leave', group);
  await write();
  await beforeThat?.();
  const cpu = await cpuOf();
  const start = performance.now();
  const since = () => rounded((performance.now() - start) / 1000);
  const more = rhythm.goesOn ? write() : null;
  await crowd.call('connect', { group, seats, watches: true, resumes: true });
  const connected = since();
  await crowd.call('reached', group, (toldBefore + rhythm.each) * seats.length);
  const live = since();
  const cpuMs = ((await cpuOf()) - cpu) / seats.length;
  say(`${live} s until all were live, ${connected} s until all were connected\n`);
  await more;
  const told = toldBefore + rhythm.each * (rhythm.goesOn ? 2 : 1);
  await crowd.call('reached', group, told * seats.length);
  return { told, live, connected, cpuMs };
}

async function measure({ subscribers, rounds, audience, profile }: Options) {
  await using cluster = await startCluster();
  const { url } = cluster;
  await using database = openDatabase({ url, connections: 10 });
  const rhythm = RHYTHMS[audience];
  const scene = await layScene(database, 'bench', rhythm.calls ?? subscribers);
  await using crowd = openProcess<Crowd>('crowd.ts');
  await using writer = openProcess<WriterProcess>('writer-process.ts', [url]);
  await using gateway = await startGateway(url);
  const seatOf = subscribing(gateway.url, { audience, scene }, true);
  const seats = Array.from({ length: subscribers }, (_, index) => seatOf(index));
  await crowd.call('connect', { group, seats, watches: true });
  const pace = { seconds: subscribers / rhythm.pace.rate, ...rhythm.pace };
  const write = () => writer.call('write', scene.callIds, pace);
  const scenery: Scenery = { crowd, gateway, seats, rhythm, write };
  const measured = [await comeBack(scenery, 0)];
  for (let round = 1; round < rounds; round += 1) {
    measured.push(await comeBack(scenery, measured.at(-1)?.told ?? 0));
  }
  const told = measured.at(-1)?.told ?? 0;
  if (profile) {
    await comeBack(scenery, told, () => gateway.call('startProfile'));
    await gateway.call('writeProfile', profile);
  }
  return { measured, told, tally: await crowd.call('tally', group) };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      subscribers: { type: 'string', default: '10000' },
      rounds: { type: 'string', default: '5' },
      audience: { type: 'string', default: 'own-extension' },
      profile: { type: 'string' },
    },
  });
  const options = {
    subscribers: Number(values.subscribers),
    rounds: Number(values.rounds),
    audience: values.audience as Audience, // else there are no seats for it
    profile: values.profile,
  };
  const { profile } = options;
  const { measured, told, tally } = await measure(options);
  const rows = {
    reconnects: {
      'seconds until all are live': median(measured.map(({ live }) => live)),
      'CPU ms each': rounded(median(measured.map(({ cpuMs }) => cpuMs))),
      'told to each': profile ? told + told / options.rounds : told,
      'fewest got': tally.fewest,
      'most got': tally.most,
      'out of order or twice': tally.disordered,
    },
  };
  say(table(rows));
  await keep(`reconnects-${options.audience}`, { ...options, rows, measured });
}

await main();
