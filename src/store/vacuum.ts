import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import type { Database } from './database.ts';

/** As often as autovacuum's launcher looks. */
const EVERY_MS = 60_000;

interface Table {
  readonly schema: string;
  readonly name: string;
}

/** Tables of which so much has changed that autovacuum, as it comes, would take them. */
const DUE = sql`
  select s.schemaname as schema, s.relname as name
  from pg_stat_user_tables s join pg_class c on c.oid = s.relid, greatest(c.reltuples, 0) as size
  where s.n_dead_tup > 50 + 0.2 * size or s.n_ins_since_vacuum > 1000 + 0.2 * size
    or s.n_mod_since_analyze > 50 + 0.1 * size`;

/** Gives back the room of dead rows, and has Postgres plan by what tables hold now, where that is due. */
export async function vacuumDue(database: Database): Promise<void> {
  for (const { schema, name } of await database.rows<Table>(DUE)) {
    await database.rows(sql`vacuum (analyze) ${sql.identifier(schema)}.${sql.identifier(name)}`);
  }
}

/**
 * Does autovacuum's work for the embedded Postgres, which has one process and thus no autovacuum: without it, tables
 * whose rows come and go would grow for ever, and statements keep the plans of the day when they were empty.
 */
export function startVacuuming(
  database: Database,
  onError: (error: unknown) => void,
): AsyncDisposable {
  const stopping = new AbortController();
  const { signal } = stopping;
  const working = (async () => {
    while (!signal.aborted) {
      await wait(EVERY_MS, undefined, { signal, ref: false }).catch(() => {});
      if (!signal.aborted) await vacuumDue(database).catch(onError);
    }
  })();
  return {
    [Symbol.asyncDispose]: async () => {
      stopping.abort();
      await working;
    },
  };
}
