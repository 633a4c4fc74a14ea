import { parseArgs } from 'node:util';
import { openDatabase } from '../src/store/database.ts';
import { startCluster } from '../test/support/cluster.ts';
import { subscribing } from './contestants.ts';
import type { Crowd } from './crowd.ts';
import type { DesktopCrowd } from './desktop-crowd.ts';
import { type Gateway, startGateway } from './gateway.ts';
import { load } from './load.ts';
import { rounded } from './median.ts';
import { openProcess } from './processes.ts';
import { keep, say } from './results.ts';
import { extensionOf, layScene, type Scene, tokenOf } from './scene.ts';
import { table } from './table.ts';

const LIST = `query ($number: String!) { extension(number: $number) { calls(first: 50) { nodes {
  id state offeredAt participants { number role extension { number } } } } } }`;

const megabytes = (bytes: number) => rounded(bytes / 1024 / 1024);

/** Asks, by 16 connections, for pages of all seats in turn. */
async function work(gateway: Gateway, { key, seats }: Scene, seconds: number, pauseMs = 0) {
  const headers = { authorization: `Bearer ${tokenOf(key)}` };
  const bodyOf = (n: number) =>
    JSON.stringify({ query: LIST, variables: { number: extensionOf(key, n % seats) } });
  return load({ url: gateway.url, headers }, bodyOf, { connections: 16, seconds, pauseMs });
}

interface Row {
  readonly 'reachable MB': number;
  readonly 'resident MB': number;
}

/** What the first ones make the process load is nobody's in particular. */
const FEW = 50;

/** Opens desktops that follow their calls, and closes them again. */
async function openDesktops(
  gateway: Gateway,
  { key }: Scene,
  sessions: number,
  row: () => Promise<Row>,
) {
  await using crowd = openProcess<DesktopCrowd>('desktop-crowd.ts');
  const server = gateway.url.replace('/graphql', '');
  const tokens = Array.from({ length: sessions }, (_, seat) => tokenOf(key, seat));
  await crowd.call('open', server, tokens.slice(0, FEW));
  const few = await row();
  await crowd.call('open', server, tokens.slice(FEW));
  return { few, all: await row() };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      sockets: { type: 'string', default: '2000' },
      sessions: { type: 'string', default: '2000' },
      seconds: { type: 'string', default: '3600' },
      /** What each of the 16 connections waits after an answer in that time. */
      pause: { type: 'string', default: '100' },
    },
  });
  const [sockets = 0, sessions = 0, seconds = 0, pause = 0] = [
    ...[values.sockets, values.sessions, values.seconds, values.pause],
  ].map(Number);
  await using cluster = await startCluster();
  await using database = openDatabase({ url: cluster.url, connections: 2 });
  const scene = await layScene(database, 'bench', Math.max(sockets, sessions));
  await using crowd = openProcess<Crowd>('crowd.ts');
  await using gateway = await startGateway(cluster.url);
  const row = async () => {
    const { bytes, rss } = await gateway.call('memory');
    return { 'reachable MB': megabytes(bytes), 'resident MB': megabytes(rss) };
  };
  const seatOf = subscribing(gateway.url, { audience: 'own-extension', scene }, true);
  const seats = Array.from({ length: sockets }, (_, index) => seatOf(index));
  const idle = await row();
  await work(gateway, scene, Math.min(10, seconds));
  const warm = await row();
  await crowd.call('connect', { group: 'all', seats, watches: false });
  const connected = await row();
  await crowd.call('leave', 'all');
  const desktops = await openDesktops(gateway, scene, sessions, row);
  const { requests } = await work(gateway, scene, seconds, pause);
  const rows = {
    idle,
    'after ten seconds of pages': warm,
    [`with ${sockets} WebSockets that follow`]: connected,
    'with a few CometD sessions instead': desktops.few,
    [`with ${sessions} CometD sessions`]: desktops.all,
    [`without them, after ${seconds} s of pages`]: await row(),
  };
  say(table(rows));
  const kilobytes = (from: Row, to: Row, count: number) =>
    rounded(((to['reachable MB'] - from['reachable MB']) / count) * 1024);
  const kilobytesOfAWebSocket = kilobytes(warm, connected, sockets);
  const kilobytesOfASession = kilobytes(desktops.few, desktops.all, sessions - FEW);
  const each = { kilobytesOfAWebSocket, kilobytesOfASession };
  say(`${JSON.stringify(each)}; ${requests} requests\n`);
  await keep('memory', { sockets, sessions, seconds, pause, requests, rows, ...each });
}

await main();
