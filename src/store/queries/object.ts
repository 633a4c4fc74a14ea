import { type SQL, sql } from 'drizzle-orm';

/**
 * An object of columns under their own names in camel case, and of further parts. Not of a row, by `row_to_json`, though
 * that is faster: Postgres remembers each list of names of a row for as long as the connection lasts, and there is no
 * end of what can be asked for.
 */
export function object(
  alias: string,
  columns: readonly string[],
  parts: Readonly<Record<string, SQL>>,
) {
  const own = columns.map((name) => sql.raw(`'${name}', ${alias}.${snakeCase(name)}`));
  const more = Object.entries(parts).map(([name, value]) => sql`${sql.raw(`'${name}'`)}, ${value}`);
  return sql`json_build_object(${sql.join([...own, ...more], sql`, `)})`;
}

/** The column of a property. */
export const snakeCase = (name: string) =>
  name === 'q850Cause'
    ? 'q850_cause'
    : name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The readers' alias of each list's rows. */
export const ALIAS = { calls: 'c', extensions: 'e', events: 'r', deliveries: 'd' };
