import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import type { Database } from './database.ts';

/** As often as autovacuum's launcher looks. */
const EVERY_MS = 60_000;

interface Table {
  readonly schema: string;
  readonly name: string;
  readonly isOurs: boolean;
}

/**
 * Tables of which so much has changed, or which are so old, that autovacuum as it comes would take them; Postgres's own
 * are among them, for what is analysed leaves its dead rows there.
 */
const DUE = sql`
  select s.schemaname as schema, s.relname as name, s.schemaname !~ '^pg_' as "isOurs"
  from pg_stat_all_tables s join pg_class c on c.oid = s.relid, greatest(c.reltuples, 0) as size
  where s.n_dead_tup > 50 + 0.2 * size or s.n_ins_since_vacuum > 1000 + 0.2 * size
    or (s.n_mod_since_analyze > 50 + 0.1 * size and s.schemaname !~ '^pg_')
    or (c.relfrozenxid <> '0' and age(c.relfrozenxid) > current_setting('autovacuum_freeze_max_age')::int)`;

/** Gives back the room of dead rows, and has Postgres plan by what tables hold now, where that is due. */
export async function vacuumDue(database: Database): Promise<void> {
  for (const { schema, name, isOurs } of await database.rows<Table>(DUE)) {
    const how = isOurs ? sql`vacuum (analyze)` : sql`vacuum`;
    await database.rows(sql`${how} ${sql.identifier(schema)}.${sql.identifier(name)}`);
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
