import { setTimeout as after } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { patiently } from '../../src/feed/patience.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import type { NatsOfTests } from '../support/nats.ts';
import { follow } from './cast.ts';
import { check, checkLog, type Span, type Violation } from './checker.ts';
import { openFleet } from './fleet.ts';
import type { Ground } from './ground.ts';
import { readHistory } from './history.ts';
import { strike } from './nemesis.ts';
import type { Nursery } from './nursery.ts';
import { planOf } from './plan.ts';
import { bother, outlives, quiet, settle, write } from './play.ts';
import { revoke } from './revoke.ts';
import type { Stage, Subscriber } from './subscriber.ts';

export interface World {
  readonly ground: Ground;
  readonly nursery: Nursery;
  /** Through which the Tandems share the feed; null lets each read it from Postgres. */
  readonly nats: NatsOfTests | null;
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
/** Nothing that a run waits for takes longer than this. */
const LONGEST_MS = 40_000;

/** Plays what the seed says on a fresh database, waits until all is quiet, and compares. */
export async function run({ ground, nursery, nats }: World, options: RunOptions): Promise<Outcome> {
  const { seed, planted = '', patienceMs = PATIENCE_MS } = options;
  const began = performance.now();
  const plan = planOf(seed);
  await using scratch = await ground.fresh();
  await using database = openDatabase({ url: scratch.url, connections: 12 });
  const settings = {
    ...{ DATABASE_URL: scratch.url, PLANTED: planted, LOG_LEVEL: 'silent' },
    ...(nats && { FEED: nats.url }),
  };
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
  const struck = [...plan.nemesis, ...plan.mishaps, ...(nats ? plan.nats : [])];
  const arena = {
    ...{ ground, fleet, database: scratch, nats },
    revoke: (index: number) => revoke(database, followed, { index, signal: end.signal }),
  };
  const blows: Span[] = [];
  const hung: string[] = [];
  const awaited = <T>(what: string, work: Promise<T>) => inTime(what, work, hung);
  await Promise.all([
    ...followed.flatMap(({ subscriber, plan: role }) => bother(subscriber, role)),
    ...write(plan, ground.tenants, fleet, database).map((work) => awaited('writing', work)),
    ...struck.map(async ({ atMs, blow }) => {
      await after(atMs);
      const span = { from: performance.now(), to: Number.POSITIVE_INFINITY };
      // Whoever loses a token is owed its end, and nothing excuses an error.
      if (blow.act !== 'REVOKE') blows.push(span);
      await awaited(blow.act, strike(arena, blow));
      span.to = performance.now();
    }),
  ]);
  await quiet(database, scratch.name, PATIENCE_MS);
  const clung = await Promise.all(
    followed.map(({ subscriber }) => outlives(subscriber, PATIENCE_MS)),
  );
  const history = await readHistory(database);
  await Promise.all(followed.map((one) => settle(one, history, patienceMs)));
  end.now();
  await Promise.all(followed.map(({ subscriber }) => awaited('following', subscriber.over)));
  const died = Array.from({ length: fleet.died() }, () => ({ fault: 'DIED', about: '' }) as const);
  return {
    ...{ seed, entries: history.entries.length },
    messages: sum(followed.map(({ subscriber }) => heardBy(subscriber))),
    connections: sum(followed.map(({ subscriber }) => subscriber.connections())),
    blows: struck.map(({ blow }) => blow.act),
    violations: [
      ...checkLog(history),
      ...died,
      ...clung.flatMap((is, about) =>
        is ? ({ fault: 'TOLD_ON', about: `${about}` } as const) : [],
      ),
      ...hung.map((about) => ({ fault: 'HUNG', about }) as const),
      ...followed.flatMap(({ subscriber, audience }) =>
        check(subscriber, audience, history, blows),
      ),
    ],
    ms: Math.round(performance.now() - began),
  };
}

/** Waits for it, and writes down what does not come to an end. */
async function inTime(what: string, work: Promise<unknown>, hung: string[]): Promise<void> {
  const timer = new AbortController();
  const late = after(LONGEST_MS, true, { signal: timer.signal }).catch(() => false);
  const isLate = await Promise.race([work.then(() => false), late]);
  timer.abort();
  if (isLate) hung.push(what);
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

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

const heardBy = ({ eras }: Subscriber) =>
  sum(eras.map(({ snapshot, told }) => snapshot.length + told.length));
