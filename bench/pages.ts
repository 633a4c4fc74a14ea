import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startCluster } from '../test/support/cluster.ts';
import { type Ask, openClient } from './client.ts';
import { openDatabaseCpu } from './database-cpu.ts';
import { importLines, startGateway, tokenOf } from './gateway.ts';
import { BIG, generate } from './generate.ts';
import { interleave } from './rounds.ts';
import { table } from './table.ts';

const SIZE = 50;
const ROUNDS = 7;
const REQUESTS = 200;

const PAGE = `query Page($number: String!, $first: Int, $after: String, $last: Int) {
  extension(number: $number) {
    calls(first: $first, after: $after, last: $last) {
      edges {
        cursor
        node {
          id state direction ani dnis offeredAt answeredAt endedAt duration disposition
          participants { number role state extension { number label } }
        }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
}`;

const CURSORS = `query Cursors($number: String!, $first: Int, $after: String, $last: Int) {
  extension(number: $number) {
    calls(first: $first, after: $after, last: $last) { totalCount edges { cursor } }
  }
}`;

interface Cursors {
  readonly data: {
    readonly extension: {
      readonly calls: {
        readonly totalCount: number;
        readonly edges: { readonly cursor: string }[];
      };
    };
  };
}

/** The pages to compare, by name: what to ask each with. */
async function findPages(ask: Ask) {
  const cursors = async (page: object) => {
    const answer: Cursors = JSON.parse(await ask(CURSORS, { number: BIG, ...page }));
    return answer.data.extension.calls;
  };
  const beforeLast = (await cursors({ last: SIZE + 1 })).edges[0]?.cursor;
  const { totalCount } = await cursors({ first: 1 });
  let after: string | undefined;
  for (let left = Math.floor(totalCount / 2); left > 0; left -= 1000) {
    after = (await cursors({ first: Math.min(left, 1000), after })).edges.at(-1)?.cursor;
  }
  const pages: Record<string, object> = {
    first: { first: SIZE },
    middle: { first: SIZE, after },
    last: { first: SIZE, after: beforeLast },
    'last, backward': { last: SIZE },
  };
  return { totalCount, pages };
}

async function checkFull(ask: Ask, pages: Record<string, object>): Promise<void> {
  for (const [name, page] of Object.entries(pages)) {
    const answer: Cursors = JSON.parse(await ask(PAGE, { number: BIG, ...page }));
    const { length } = answer.data.extension.calls.edges;
    if (length !== SIZE) throw new Error(`The ${name} page has ${length} calls.`);
  }
}

async function measure(calls: number) {
  await using cluster = await startCluster();
  const { url } = cluster;
  const imported = await importLines(url, generate(calls));
  const { seconds, peakMb } = imported;
  say(`Imported ${calls} calls in ${seconds.toFixed(1)} s, peak ${peakMb.toFixed(0)} MB.\n`);
  await using gateway = await startGateway(url);
  await using database = openDatabaseCpu(url);
  using client = openClient(gateway.url, await tokenOf(url, 'alice'));
  const { totalCount, pages } = await findPages(client.ask);
  await checkFull(client.ask, pages);
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
