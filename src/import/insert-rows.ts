import { getColumns, type InferInsertModel, sql } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { Executor } from '../store/database.ts';

/**
 * Inserts rows by one statement, leaving out each that collides with something, and gives back these columns
 * of those that went in. All rows have the keys of the first. As one JSON text, rows of any table go the same
 * way, on the embedded Postgres, too, where COPY breaks the connection.
 */
export async function insertRows<
  Table extends PgTable,
  Key extends keyof InferInsertModel<Table> & string = never,
>(
  tx: Executor,
  table: Table,
  rows: readonly InferInsertModel<Table>[],
  returning: readonly Key[] = [],
): Promise<Pick<InferInsertModel<Table>, Key>[]> {
  const [first] = rows;
  if (!first) return [];
  const columns: Record<string, PgColumn> = getColumns(table);
  const used = Object.entries(columns).filter(([key]) => Object.hasOwn(first, key));
  const list = (parts: readonly string[]) => sql.raw(parts.join(', '));
  const names = used.map(([, { name }]) => `"${name}"`);
  const values = used.map(([key]) => `"${key}"`);
  const types = used.map(([key, column]) => `"${key}" ${typeOf(column)}`);
  const given = returning.map((key) => `"${columns[key]?.name}" as "${key}"`);
  return tx.rows(sql`
    insert into ${table} (${list(names)})
    select ${list(values)} from json_to_recordset(${JSON.stringify(rows)}::text::json) as r(${list(types)})
    on conflict do nothing ${given.length > 0 ? sql`returning ${list(given)}` : sql``}`);
}

const typeOf = (column: PgColumn) =>
  column.getSQLType() + '[]'.repeat(Number('dimensions' in column ? column.dimensions : 0));
