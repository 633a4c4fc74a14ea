import { parseArgs } from 'node:util';
import { openDatabase } from '../src/store/database.ts';
import { startCluster } from '../test/support/cluster.ts';
import type { DesktopCrowd } from './desktop-crowd.ts';
import { type Gateway, startGateway } from './gateway.ts';
import { median, rounded } from './median.ts';
import { openProcess } from './processes.ts';
import { keep, say } from './results.ts';
import { layScene, tokenOf } from './scene.ts';
import { table } from './table.ts';
import type { WriterProcess } from './writer-process.ts';

const PACE = { rate: 200, seconds: 10 };

async function cpuOf(gateway: Gateway, work: () => Promise<unknown>): Promise<number> {
  const before = await gateway.call('usage');
  await work();
  const after = await gateway.call('usage');
  return after.cpuMs - before.cpuMs;
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Keeps a CPU profile of what is done meanwhile, where one is wanted. */
async function profiled(gateway: Gateway, file: string, work: () => Promise<unknown>) {
  if (file !== '') await gateway.call('startProfile');
  await work();
  if (file !== '') await gateway.call('writeProfile', file);
}

interface Wanted {
  readonly sessions: number;
  readonly rounds: number;
  /** The beginning of the names of profiles; empty for none. */
  readonly profile: string;
}

async function measure({ sessions, rounds, profile }: Wanted) {
  await using cluster = await startCluster();
  const { url } = cluster;
  await using database = openDatabase({ url, connections: 10 });
  const { key, callIds } = await layScene(database, 'bench', sessions);
  await using gateway = await startGateway(url);
  await using crowd = openProcess<DesktopCrowd>('desktop-crowd.ts');
  await using writer = openProcess<WriterProcess>('writer-process.ts', [url]);
  const server = gateway.url.replace('/graphql', '');
  const tokens = callIds.map((_, seat) => tokenOf(key, seat));

  // What the first ones make the process load is nobody's in particular.
  await crowd.call('open', server, tokens.slice(0, 50));
  const before = await gateway.call('memory');
  const start = performance.now();
  const file = (phase: string) => profile && `${profile}.${phase}`;
  await profiled(gateway, file('opening'), () => crowd.call('open', server, tokens.slice(50)));
  const opening = (performance.now() - start) / (sessions - 50);
  const memory = async () => {
    const now = await gateway.call('memory');
    return (now.bytes - before.bytes) / (sessions - 50);
  };
  const bytes = [await memory()];

  let told = 0;
  const perMessage: number[] = [];
  const idle: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    idle.push(await cpuOf(gateway, () => sleep(PACE.seconds * 1000)));
    const busy = await cpuOf(gateway, async () => {
      const commits = await writer.call('write', callIds, PACE);
      told += commits.length;
      await crowd.call('reached', told);
    });
    perMessage.push((busy - (idle.at(-1) ?? 0)) / (PACE.rate * PACE.seconds));
    bytes.push(await memory());
    say(`round ${round}: ${rounded(perMessage.at(-1) ?? 0)} ms of CPU a message\n`);
  }
  if (profile) await profiled(gateway, file('idle'), () => sleep(PACE.seconds * 1000));
  const broken = await crowd.call('broken');
  return { bytes, opening, perMessage, idle, broken };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      sessions: { type: 'string', default: '2000' },
      rounds: { type: 'string', default: '3' },
      profile: { type: 'string', default: '' },
    },
  });
  const sessions = Number(values.sessions);
  const { bytes, opening, perMessage, idle, broken } = await measure({
    ...{ sessions, rounds: Number(values.rounds), profile: values.profile },
  });
  const row = {
    'kB a session': (bytes[0] ?? 0) / 1024,
    'kB after the rounds': (bytes.at(-1) ?? 0) / 1024,
    'ms to open one': opening,
    'CPU ms a message': median(perMessage),
    'idle CPU %': median(idle) / (PACE.seconds * 10),
    'sent again': broken,
  };
  say(table({ [`${sessions} CometD sessions`]: row }));
  const kept = { bytesOfASession: bytes, msToOpen: opening, cpuMs: perMessage, idle, broken };
  await keep('desktops', { sessions, ...PACE, ...kept });
}

await main();
