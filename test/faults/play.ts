import { setTimeout as after } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { patiently } from '../../src/feed/patience.ts';
import type { Database } from '../../src/store/database.ts';
import type { Followed } from './cast.ts';
import type { Fleet } from './fleet.ts';
import type { History } from './history.ts';
import { lossesOf } from './losses.ts';
import type { Plan, SubscriberPlan } from './plan.ts';
import type { Tenant } from './scene.ts';
import type { Subscriber } from './subscriber.ts';
import { writeAsClient, writeAsSwitch } from './writers.ts';

/** Lets a subscriber go, come back and read slowly when the plan says so. */
export const bother = (subscriber: Subscriber, { startMs, leaves, slow }: SubscriberPlan) => [
  ...leaves.map(({ atMs, forMs }) => after(atMs).then(() => subscriber.leave(forMs))),
  ...(slow ? [after(startMs + slow.atMs).then(() => subscriber.dawdle(slow.forMs))] : []),
];

/** Lets all writers write. */
export function write(
  plan: Plan,
  tenants: readonly Tenant[],
  { berths }: Fleet,
  database: Database,
) {
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
export async function quiet(database: Database, name: string, longestMs: number): Promise<void> {
  for (;;) {
    const rows = await patiently(
      () =>
        database.rows(
          sql`select from pg_stat_activity where datname = ${name} and backend_xid is not null`,
        ),
      AbortSignal.timeout(longestMs),
    );
    if (rows.length === 0) return;
    await after(20);
  }
}

/** Whether a connection outlives its token, when all else is whole again. */
export async function outlives({ clings }: Subscriber, longestMs: number): Promise<boolean> {
  const until = performance.now() + longestMs;
  while (clings() && performance.now() < until) await after(20);
  return clings();
}

/** Waits until a subscriber has all that it is owed, for as long as it hears anything; but not for ever. */
export async function settle(
  { subscriber, audience }: Followed,
  history: History,
  patienceMs: number,
) {
  const until = performance.now() + 4 * patienceMs;
  while (lossesOf(subscriber.eras, audience, history)?.length !== 0) {
    if (performance.now() > until || !(await subscriber.hears(patienceMs))) return;
  }
}
