import { setTimeout as after } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { patiently } from '../../src/feed/patience.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { type Followed, follow } from './cast.ts';
import { check, checkLog, type Violation } from './checker.ts';
import { type Fleet, openFleet } from './fleet.ts';
import type { Ground } from './ground.ts';
import { type History, readHistory } from './history.ts';
import { lossesOf } from './losses.ts';
import { strike } from './nemesis.ts';
import type { Nursery } from './nursery.ts';
import { type Plan, planOf, type SubscriberPlan } from './plan.ts';
import type { Tenant } from './scene.ts';
import type { Stage, Subscriber } from './subscriber.ts';
import { writeAsClient, writeAsSwitch } from './writers.ts';

export interface World {
  readonly ground: Ground;
  readonly nursery: Nursery;
}

export interface RunOptions {
  readonly seed: number;
  /** The fault that the Tandems have. */
  readonly planted?: string;
  /** After how long without a message what is missing counts as lost. */
  readonly patienceMs?: number;
}

/** What came of a run. */
export interface Outcome {
  readonly seed: number;
  /** Entries in the log, messages heard and connections made. */
  readonly entries: number;
  readonly messages: number;
  readonly connections: number;
  readonly blows: readonly string[];
  readonly violations: readonly Violation[];
  readonly ms: number;
}

const TANDEMS = 2;
const PATIENCE_MS = 10_000;

/** Plays what the seed says on a fresh database, waits until all is quiet, and compares. */
export async function run({ ground, nursery }: World, options: RunOptions): Promise<Outcome> {
  const { seed, planted = '', patienceMs = PATIENCE_MS } = options;
  const began = performance.now();
  const plan = planOf(seed);
  await using scratch = await ground.fresh();
  await using database = openDatabase({ url: scratch.url, connections: 12 });
  const settings = { DATABASE_URL: scratch.url, PLANTED: planted, LOG_LEVEL: 'silent' };
  await using fleet = await openFleet(nursery, TANDEMS, settings);
  using end = endOf();
  const stage: Stage = {
    berths: fleet.berths,
    end: end.signal,
    watermark: () => patiently(() => markOf(database), end.signal),
  };
  const followed = plan.subscribers.map((role, index) =>
    follow(stage, ground.tenants, role, index),
  );
  await Promise.all([
    ...followed.flatMap(({ subscriber, plan: role }) => bother(subscriber, role)),
    ...write(plan, ground.tenants, fleet, database),
    ...plan.nemesis.map(async ({ atMs, blow }) => {
      await after(atMs);
      await strike({ ground, fleet, database: scratch }, blow);
    }),
  ]);
  await quiet(database, scratch.name);
  const history = await readHistory(database);
  await Promise.all(followed.map((one) => settle(one, history, patienceMs)));
  end.now();
  await Promise.all(followed.map(({ subscriber }) => subscriber.over));
  const died = Array.from({ length: fleet.died() }, () => ({ fault: 'DIED', about: '' }) as const);
  return {
    ...{ seed, entries: history.entries.length },
    messages: sum(followed.map(({ subscriber }) => heardBy(subscriber))),
    connections: sum(followed.map(({ subscriber }) => subscriber.connections())),
    blows: plan.nemesis.map(({ blow }) => blow.act),
    violations: [
      ...checkLog(history),
      ...died,
      ...followed.flatMap(({ subscriber, audience }) => check(subscriber, audience, history)),
    ],
    ms: Math.round(performance.now() - began),
  };
}

function endOf() {
  const controller = new AbortController();
  const now = () => controller.abort();
  return { signal: controller.signal, now, [Symbol.dispose]: now };
}

async function markOf(database: Database): Promise<string> {
  const [row] = await database.rows<{ mark: string }>(
    sql`select pg_current_snapshot()::text as mark`,
  );
  return row?.mark ?? '';
}

const bother = (subscriber: Subscriber, { startMs, leaves, slow }: SubscriberPlan) => [
  ...leaves.map(({ atMs, forMs }) => after(atMs).then(() => subscriber.leave(forMs))),
  ...(slow ? [after(startMs + slow.atMs).then(() => subscriber.dawdle(slow.forMs))] : []),
];

function write(plan: Plan, tenants: readonly Tenant[], { berths }: Fleet, database: Database) {
  const tenantOf = ({ organization }: { readonly organization: number }) => {
    const tenant = tenants[organization];
    if (!tenant) throw new Error('The plan names an organization that is not there.');
    return tenant;
  };
  return [
    ...plan.clientWriters.map((writer) => writeAsClient(berths, tenantOf(writer), writer)),
    ...plan.switchWriters.map((writer, index) => {
      const tenant = tenantOf(writer);
      const own = tenant.calls.filter((_, place) => place % plan.switchWriters.length === index);
      return writeAsSwitch(
        database,
        tenant,
        own.map(({ call }) => call),
        writer,
      );
    }),
  ];
}

/** One who was killed may have left a transaction that goes on to its end. */
async function quiet(database: Database, name: string): Promise<void> {
  for (;;) {
    const rows = await patiently(
      () =>
        database.rows(
          sql`select from pg_stat_activity where datname = ${name} and backend_xid is not null`,
        ),
      AbortSignal.timeout(PATIENCE_MS),
    );
    if (rows.length === 0) return;
    await after(20);
  }
}

/** Waits until a subscriber has all that it is owed, for as long as it hears anything. */
async function settle({ subscriber, audience }: Followed, history: History, patienceMs: number) {
  while (lossesOf(subscriber.eras, audience, history)?.length !== 0) {
    if (!(await subscriber.hears(patienceMs))) return;
  }
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

const heardBy = ({ eras }: Subscriber) =>
  sum(eras.map(({ snapshot, told }) => snapshot.length + told.length));
