import { setTimeout } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import type { Services } from '../operations/context.ts';

/** A database that takes longer than this is no good to anybody. */
const LONGEST_MS = 2000;

/** Answers `/health` and `/ready`; undefined for every other path. */
export function createHealth({ database, feed, switches }: Services, isDraining: () => boolean) {
  let probe: Promise<string | null> | undefined;

  /**
   * All who ask share what is under way: behind a database that hangs, probes would only queue. One that has not
   * come back in time is given up, for it may never come, and the next who asks tries again.
   */
  function databaseTrouble(): Promise<string | null> {
    const answered = () =>
      database.rows(sql`select 1`).then(
        () => null,
        () => 'the database does not answer',
      );
    const late = () =>
      setTimeout(LONGEST_MS, 'the database does not answer in time', { ref: false });
    probe ??= Promise.race([answered(), late()]).finally(() => {
      probe = undefined;
    });
    return probe;
  }

  async function ready(): Promise<Response> {
    const connectors = Object.fromEntries(
      // Not why: that has addresses of the inner network, and whoever reaches this port may ask.
      [...switches].map(([id, { kind, owner, link, since }]) => [id, { kind, owner, link, since }]),
    );
    const down = [...switches.values()].filter(({ link }) => link !== 'UP').map(({ id }) => id);
    const trouble = [
      isDraining() ? 'this process is about to stop' : null,
      await databaseTrouble(),
      feed.trouble(),
      down.length > 0 ? `no link to ${down.join(', ')}` : null,
    ].filter((reason) => reason !== null);
    const status = trouble.length === 0 ? 'ready' : 'unavailable';
    return Response.json(
      { status, trouble, detour: feed.detour(), connectors },
      { status: trouble.length === 0 ? 200 : 503 },
    );
  }

  return async (path: string): Promise<Response | undefined> => {
    if (path === '/health') return Response.json({ status: 'alive' });
    return path === '/ready' ? ready() : undefined;
  };
}
