import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import type { Feed } from '../feed/feed.ts';
import type { Database } from '../store/database.ts';
import { stepErasure } from './erasure-step.ts';
import type { RulesOfSwitches } from './read-subject.ts';
import { type Sweep, startSweeps, stepSweep } from './retention.ts';

/** How soon an erasure that was asked for is begun, at the latest. */
const IDLE_MS = 1000;
/** How often calls that have grown too old are looked for. */
const SWEEP_MS = 60_000;
/** After each batch it rests several times as long as the batch took: queries come first. */
const REST = 2;
const SHORTEST_REST_MS = 10;

interface Options {
  readonly database: Database;
  readonly feed: Pick<Feed, 'wake'>;
  /** How switches call numbers, by their ids. */
  readonly numbers: RulesOfSwitches;
  readonly onError: (error: unknown) => void;
}

/** Erases in the background, batch by batch: what erasures were asked for, and calls older than they are kept. */
export function startErasing({ database, feed, numbers, onError }: Options): AsyncDisposable {
  const stopping = new AbortController();
  const { signal } = stopping;
  let sweeps: readonly Sweep[] = [];
  let sweptAt = 0;
  const attempt = <T>(step: Promise<T>): Promise<T | null> =>
    step.catch((error: unknown) => {
      onError(error);
      return null;
    });

  /** One batch of everything that is due; says whether there is more. What fails keeps nothing else from its turn. */
  async function turn(): Promise<boolean> {
    const due = await database.rows<{ id: string }>(
      sql`select id from erasures where state = 'RUNNING' order by requested_at`,
    );
    let isBusy = false;
    for (const { id } of due) {
      const outcome = await attempt(stepErasure(database, id, numbers));
      isBusy = outcome === 'MORE' || isBusy;
    }
    if (sweeps.length === 0 && Date.now() - sweptAt > SWEEP_MS) {
      sweptAt = Date.now();
      sweeps = await startSweeps(database);
    }
    const next: Sweep[] = [];
    for (const sweep of sweeps) {
      const further = await attempt(stepSweep(database, sweep));
      if (further) next.push(further);
    }
    sweeps = next;
    if (due.length > 0 || sweeps.length > 0) feed.wake();
    return isBusy || sweeps.length > 0;
  }

  async function work() {
    while (!signal.aborted) {
      const from = performance.now();
      const isBusy = await turn().catch((error: unknown) => {
        onError(error);
        return false;
      });
      const rest = Math.max((performance.now() - from) * REST, SHORTEST_REST_MS);
      await wait(isBusy ? rest : IDLE_MS, undefined, { signal }).catch(() => {});
    }
  }

  const working = work();
  return {
    [Symbol.asyncDispose]: async () => {
      stopping.abort();
      await working;
    },
  };
}
