import { parseArgs } from 'node:util';
import { sql } from 'drizzle-orm';
import { visibilityOf } from '../src/auth/principal.ts';
import { openPostgresFeed } from '../src/feed/postgres.ts';
import type { Context } from '../src/operations/context.ts';
import { deletePhoneCallEvents } from '../src/operations/phone-call-events.ts';
import { type Database, openDatabase } from '../src/store/database.ts';
import { migrate } from '../src/store/migrate.ts';
import { startCluster } from '../test/support/cluster.ts';
import { layOrganization } from '../test/support/organization.ts';
import { median, rounded } from './median.ts';
import { keep, say } from './results.ts';
import { table } from './table.ts';

/** Whether entries are chained, and over how many organizations the mutations are spread. */
const CASES: Record<string, { chained: boolean; organizations: number }> = {
  'no chain': { chained: false, organizations: 1 },
  'a chain': { chained: true, organizations: 1 },
  'no chain, 16 organizations': { chained: false, organizations: 16 },
  'a chain each of 16 organizations': { chained: true, organizations: 16 },
};

const DURABLE = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' };

/** As it was before there were chains. */
async function setChained(database: Database, chained: boolean) {
  const way = sql.raw(chained ? 'enable' : 'disable');
  await database.rows(sql`alter table audit_entries ${way} trigger audit_entries_chain`);
}

/** Mutations a second by so many who each wait for their answer. */
async function rateOf(contexts: readonly Context[], callers: number, seconds: number) {
  const end = performance.now() + seconds * 1000;
  let done = 0;
  const call = async (caller: number) => {
    const context = contexts[caller % contexts.length];
    while (context && performance.now() < end) {
      await deletePhoneCallEvents(context, { extension: '210' });
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: callers }, (_, caller) => call(caller)));
  return done / seconds;
}

async function contextsOf(database: Database, stack: AsyncDisposableStack): Promise<Context[]> {
  const onError = (error: unknown) => {
    throw error;
  };
  const feed = stack.use(await openPostgresFeed({ database, shared: false, onError }));
  const organizations = [];
  for (let n = 0; n < 16; n += 1) organizations.push(await layOrganization(database));
  return organizations.map((organization) => {
    const principal = organization.principal('alice');
    const { signal } = new AbortController();
    return {
      ...{
        database,
        feed,
        switches: new Map(),
        confirmMs: 1000,
        dialect: 'graphql',
        requestId: 'r',
      },
      ...{ principal, visibility: visibilityOf(principal), signal },
    };
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      callers: { type: 'string', default: '16' },
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '2' },
      durable: { type: 'boolean', default: false },
    },
  });
  const { durable } = values;
  const [callers, rounds, seconds] = [values.callers, values.rounds, values.seconds].map(Number);
  await using stack = new AsyncDisposableStack();
  const cluster = stack.use(await startCluster(durable ? DURABLE : {}));
  const database = stack.use(openDatabase({ url: cluster.url, connections: 10 }));
  await migrate(database);
  for (const column of ['sequence', 'previous_hash', 'hash']) {
    await database.rows(
      sql`alter table audit_entries alter ${sql.identifier(column)} drop not null`,
    );
  }
  const contexts = await contextsOf(database, stack);
  const measured: Record<string, number[]> = {};
  for (let round = 0; round <= (rounds ?? 0); round += 1) {
    for (const [name, { chained, organizations }] of Object.entries(CASES)) {
      await setChained(database, chained);
      const rate = await rateOf(contexts.slice(0, organizations), callers ?? 0, seconds ?? 0);
      // The first round only warms up.
      if (round > 0) measured[name] = [...(measured[name] ?? []), rate];
    }
  }
  const base = median(Object.values(measured)[0] ?? []);
  const rows = Object.fromEntries(
    Object.entries(measured).map(([name, rates]) => [
      name,
      { 'mutations/s': rounded(median(rates)), ratio: rounded(median(rates) / base) },
    ]),
  );
  say(table(rows));
  const name = durable ? 'audit-durable' : 'audit';
  await keep(name, { callers, rounds, seconds, durable, rows });
}

await main();
