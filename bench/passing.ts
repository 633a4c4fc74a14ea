import { parseArgs } from 'node:util';
import { openDatabase } from '../src/store/database.ts';
import { startCluster } from '../test/support/cluster.ts';
import { openClient } from './client.ts';
import { startGateway } from './gateway.ts';
import { load } from './load.ts';
import { median, rounded } from './median.ts';
import { populate, TOKEN } from './population.ts';
import { operations } from './queries/operations.ts';
import { keep, say } from './results.ts';
import { table } from './table.ts';

const TIMES = 300;

/** Milliseconds that it takes to read an answer's JSON and to write it again. */
function parsingOf(answer: string): number {
  const times = Array.from({ length: TIMES }, () => {
    const start = performance.now();
    JSON.stringify(JSON.parse(answer));
    return performance.now() - start;
  });
  return median(times);
}

/** What could be gained at most if JSON that Postgres has built went to the client as it is. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      calls: { type: 'string', default: '50000' },
      rounds: { type: 'string', default: '5' },
    },
  });
  const [calls = 0, rounds = 0] = [values.calls, values.rounds].map(Number);
  await using stack = new AsyncDisposableStack();
  const { url } = stack.use(await startCluster());
  {
    await using own = openDatabase({ url, connections: 2 });
    await populate(own, calls);
  }
  const gateway = stack.use(await startGateway(url));
  const { ask } = stack.use(openClient(gateway.url, TOKEN));
  const target = { url: gateway.url, headers: { authorization: `Bearer ${TOKEN}` } };
  const { Q1, Q2 } = operations(calls);
  const rows: Record<string, object> = {};
  for (const [name, operation] of Object.entries({ Q1, Q2 })) {
    if (!operation) continue;
    const { document } = operation;
    // The first extension has a full page, however few calls there are.
    const variables = (n: number) => operation.variables(name === 'Q1' ? 0 : n);
    const nth = (n: number) => JSON.stringify({ query: document, variables: variables(n) });
    const shares: { parsing: number; serverCpu: number }[] = [];
    const answer = await ask(document, variables(1));
    for (let round = 0; round <= rounds; round += 1) {
      const before = (await gateway.call('usage')).cpuMs;
      const { requests } = await load(target, nth, { connections: 8, seconds: 1 });
      const serverCpu = ((await gateway.call('usage')).cpuMs - before) / requests;
      if (round > 0) shares.push({ serverCpu, parsing: parsingOf(answer) });
    }
    rows[name] = {
      bytes: answer.length,
      'read and written, ms': rounded(median(shares.map(({ parsing }) => parsing))),
      serverCpu: rounded(median(shares.map(({ serverCpu }) => serverCpu))),
      'share at most': rounded(median(shares.map((one) => one.parsing / one.serverCpu))),
    };
  }
  say(table(rows));
  await keep('passing', { calls, rounds, rows });
}

await main();
