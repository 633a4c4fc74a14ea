import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startCluster } from '../test/support/cluster.ts';
import { openClient } from './client.ts';
import { openDatabaseCpu } from './database-cpu.ts';
import { importLines, startGateway, tokenOf } from './gateway.ts';
import { BIG, generate } from './generate.ts';
import { checkFull, findPages, PAGE, SIZE } from './history.ts';
import { interleave } from './rounds.ts';
import { table } from './table.ts';

const ROUNDS = 7;
const REQUESTS = 200;

async function measure(calls: number) {
  await using cluster = await startCluster();
  const { url } = cluster;
  const imported = await importLines(url, generate(calls));
  const { seconds, peakMb } = imported;
  say(`Imported ${calls} calls in ${seconds.toFixed(1)} s, peak ${peakMb.toFixed(0)} MB.\n`);
  await using gateway = await startGateway(url);
  await using database = openDatabaseCpu(url);
  using client = openClient(gateway.url, await tokenOf(url, 'alice'));
  const { totalCount, pages } = await findPages(client.ask, BIG);
  await checkFull(client.ask, BIG, pages);
  const measured = await interleave({
    rounds: ROUNDS,
    requests: REQUESTS,
    work: Object.fromEntries(
      Object.entries(pages).map(([name, page]) => [
        name,
        () => client.ask(PAGE, { number: BIG, ...page }),
      ]),
    ),
    gatewayCpu: async () => (await gateway.call('usage')).cpuMs,
    databaseCpu: database.milliseconds,
  });
  return { imported, totalCount, measured };
}

const say = (text: string) => process.stdout.write(text);

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { calls: { type: 'string', default: '1000000' } } });
  const calls = Number(values.calls);
  if (!Number.isInteger(calls) || calls < 2000) throw new Error('--calls takes 2000 or more.');
  const { imported, totalCount, measured } = await measure(calls);
  say(table(measured));
  const result = {
    ...{ calls, callsOfTheExtension: totalCount, pageSize: SIZE },
    ...{ rounds: ROUNDS, requestsARound: REQUESTS, node: process.version, import: imported },
    pages: measured,
  };
  const folder = join(import.meta.dirname, 'results');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'pages.json'), `${JSON.stringify(result, null, 2)}\n`);
}

await main();
