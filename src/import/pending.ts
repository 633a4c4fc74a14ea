import { sql } from 'drizzle-orm';
import type { Executor } from '../store/database.ts';
import type { Entry } from './entry.ts';
import type { ImportRecord, RecordType } from './record.ts';

const BATCH = 1000;

/** Records that name something which no line so far has: kept by Postgres, so that memory stays bounded. */
export interface Pending {
  put(entries: readonly Entry[]): Promise<void>;
  /** The records of some types, in the order of their lines. */
  take(types: readonly RecordType[]): AsyncIterable<readonly Entry[]>;
}

/** Opens the store of a transaction, which takes it along when it ends. */
export async function openPending(tx: Executor): Promise<Pending> {
  await tx.rows(sql`create temporary table import_pending
    (type text, line int, record text, primary key (type, line)) on commit drop`);
  return {
    async put(entries) {
      if (entries.length === 0) return;
      const [types, lines, records] = [
        entries.map(({ record }) => record.type),
        entries.map(({ line }) => line),
        entries.map(({ record }) => JSON.stringify(record)),
      ].map((column) => sql.param(column));
      await tx.rows(sql`insert into import_pending
        select * from unnest(${types}::text[], ${lines}::int[], ${records}::text[])`);
    },
    async *take(types) {
      for (const type of types) {
        let last = 0;
        for (;;) {
          const rows = await tx.rows<{ line: number; record: string }>(sql`
            select line, record from import_pending
            where type = ${type} and line > ${last}::int order by line limit ${BATCH}`);
          const end = rows.at(-1);
          if (!end) break;
          last = end.line;
          // What was put in had been validated.
          yield rows.map(({ line, record }) => ({
            line,
            record: JSON.parse(record) as ImportRecord,
          }));
        }
      }
    },
  };
}
