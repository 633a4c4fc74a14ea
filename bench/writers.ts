import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { sql } from 'drizzle-orm';
import { type Database, openDatabase } from '../src/store/database.ts';
import { startCluster } from '../test/support/cluster.ts';
import { openCommitter, type Waking } from './committer.ts';
import { startGateway } from './gateway.ts';
import { median, rounded } from './median.ts';
import { keep, say } from './results.ts';
import { layScene } from './scene.ts';
import { table } from './table.ts';

interface Case {
  readonly waking: Waking;
  readonly isFollowed: boolean;
}

/** Who is told of commits, and how. */
const CASES: Record<string, Case> = {
  'nobody is told': { waking: 'none', isFollowed: false },
  'Tandem polls': { waking: 'none', isFollowed: true },
  'Tandem polls, the doorbell rings': { waking: 'doorbell', isFollowed: true },
  'NOTIFY in the transaction': { waking: 'notify', isFollowed: false },
};

interface Measured {
  readonly rate: number;
  /** Of the whole machine: Postgres, the writers and Tandem. */
  readonly cpuMsEach: number;
  /** Of Tandem, in per cent of a core. */
  readonly cpu: number;
}

interface Options {
  readonly writers: number;
  readonly rounds: number;
  readonly seconds: number;
}

/** Before each turn: whoever was frozen comes up to date, and all are as warm as they get. */
const SETTLING_S = 0.5;

async function measure({ writers, rounds, seconds }: Options, survives: boolean) {
  await using cluster = await startCluster();
  const { url } = cluster;
  await using database = openDatabase({ url, connections: writers });
  if (survives) await surviveCrashes(database);
  const { callIds } = await layScene(database, 'bench', 1000);
  await using gateway = await startGateway(url);

  async function turn({ waking, isFollowed }: Case): Promise<Measured> {
    await using committer = await openCommitter(database, waking);
    const tandemMs = async () => (isFollowed ? (await gateway.call('usage')).cpuMs : 0);
    if (!isFollowed) gateway.freeze();
    await committer.commitsASecond(callIds, { writers, seconds: SETTLING_S });
    const [before, busy] = [await tandemMs(), busyMs()];
    const rate = await committer.commitsASecond(callIds, { writers, seconds });
    const cpuMsEach = (busyMs() - busy) / (rate * seconds);
    const cpu = ((await tandemMs()) - before) / seconds / 10;
    gateway.thaw();
    return { rate, cpuMsEach, cpu };
  }

  const measured = new Map(Object.keys(CASES).map((name) => [name, [] as Measured[]]));
  const cases = Object.entries(CASES);
  for (let round = 0; round <= rounds; round += 1) {
    // Turned round each time, so that none comes always after the same.
    for (const [name, one] of cases.reverse()) {
      const result = await turn(one);
      // The first round only warms up.
      if (round > 0) measured.get(name)?.push(result);
    }
  }
  return measured;
}

/** What the machine has worked; what its host took from it is not in there. */
const busyMs = () =>
  cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);

/** As a Postgres for work does: each commit waits for the disk. */
async function surviveCrashes(database: Database) {
  for (const name of ['fsync', 'synchronous_commit', 'full_page_writes']) {
    await database.rows(sql.raw(`alter system set ${name} = on`));
  }
  await database.rows(sql`select pg_reload_conf()`);
}

const sum = (all: readonly Measured[]) => all.reduce((total, { rate }) => total + rate, 0);

function summary(measured: ReadonlyMap<string, readonly Measured[]>) {
  const [base = []] = measured.values();
  const baseCost = median(base.map(({ cpuMsEach }) => cpuMsEach));
  return Object.fromEntries(
    [...measured].map(([name, all]) => {
      const ratios = all.map(({ rate }, round) => rate / (base[round]?.rate ?? Number.NaN));
      const cost = median(all.map(({ cpuMsEach }) => cpuMsEach));
      const row = {
        'commits/s': rounded(median(all.map(({ rate }) => rate))),
        ratio: rounded(median(ratios)),
        'of all': rounded(sum(all) / sum(base)),
        'CPU ms a commit': rounded(cost),
        'CPU ratio': rounded(cost / baseCost),
        'Tandem CPU %': rounded(median(all.map(({ cpu }) => cpu))),
      };
      return [name, row];
    }),
  );
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      writers: { type: 'string', default: '16' },
      rounds: { type: 'string', default: '60' },
      seconds: { type: 'string', default: '1' },
      durable: { type: 'boolean', default: false },
    },
  });
  const options = {
    writers: Number(values.writers),
    rounds: Number(values.rounds),
    seconds: Number(values.seconds),
  };
  const measured = await measure(options, values.durable);
  const rows = summary(measured);
  say(table(rows));
  const { durable } = values;
  const name = durable ? 'writers-durable' : 'writers';
  await keep(name, { ...options, durable, rows, measured: Object.fromEntries(measured) });
}

await main();
