import { setTimeout as after } from 'node:timers/promises';
import postgres from 'postgres';
import type { NatsOfTests } from '../support/nats.ts';
import type { Cable, Cut } from './cable.ts';
import type { Fleet } from './fleet.ts';
import type { Ground } from './ground.ts';
import type { Blow } from './plan.ts';
import { strikeNats } from './strike-nats.ts';

interface Arena {
  readonly ground: Ground;
  readonly fleet: Fleet;
  readonly database: { readonly name: string; readonly url: string };
  readonly nats: NatsOfTests | null;
  /** Takes a subscriber's token away, and gives it another. */
  revoke(subscriber: number): Promise<void>;
}

const TO_BE_TOLD_MS = 150;

/** Does one bad thing, and resolves when it is over and mended. */
export async function strike(arena: Arena, blow: Blow): Promise<void> {
  const { ground, database } = arena;
  const { berths } = arena.fleet;
  const berth = 'tandem' in blow ? berths[blow.tandem % berths.length] : undefined;
  switch (blow.act) {
    case 'KILL':
      return await berth?.replace('SIGKILL');
    case 'DRAIN':
      return await berth?.replace('SIGTERM');
    case 'FREEZE':
      berth?.freeze();
      await after(blow.forMs);
      return berth?.thaw();
    case 'CUT':
      return await cutFor(berth?.cable, blow);
    case 'TERMINATE':
      await terminate(ground, database.name, blow.half);
      return;
    case 'RESTART':
      return await ground.restart();
    case 'HOLD_HORIZON':
      return await holdHorizon(database.url, blow.forMs, blow.commits);
    case 'UNPLUG':
      return await cutFor(berth?.store, blow);
    case 'CRASH':
      await rollBack(database.url, blow.rollbacks);
      return await ground.restart();
    case 'REVOKE':
      return await arena.revoke(blow.subscriber);
    default:
      return await strikeNats(arena.nats, blow);
  }
}

async function cutFor(cable: Cable | undefined, { how, forMs }: { how: Cut; forMs: number }) {
  const mend = cable?.cut(how);
  await after(forMs);
  mend?.();
}

const terminate = (ground: Ground, name: string, half: boolean) =>
  ground
    .command(`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = '${name}' and (not ${half} or pid % 2 = 0)`)
    // It may be away already.
    .catch(() => {});

/** Somebody else's transaction, with an id and nothing to do. */
async function holdHorizon(url: string, ms: number, commits: boolean) {
  const client = postgres(url, { max: 1, onnotice: () => {} });
  await client
    .begin(async (tx) => {
      await tx`select pg_current_xact_id()`;
      await after(ms);
      if (!commits) throw new Error('It was all in vain.');
    })
    .catch(() => {});
  await client.end({ timeout: 1 });
}

/** Transactions that leave nothing but their ids, which a crash may give to others. */
async function rollBack(url: string, count: number) {
  const client = postgres(url, { max: 1, onnotice: () => {} });
  const text = 'begin; select pg_current_xact_id(); rollback;';
  await client.unsafe(text.repeat(count)).catch(() => {});
  await client.end({ timeout: 1 });
  // Time enough to be told a place behind them.
  await after(TO_BE_TOLD_MS);
}
