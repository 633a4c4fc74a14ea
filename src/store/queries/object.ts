import { type SQL, sql } from 'drizzle-orm';

/**
 * An object of columns under their own names in camel case, and of further parts. Of a row, as `json_build_object`
 * takes Postgres a third longer for a page of calls: it looks each argument's type up each time.
 */
export function object(
  alias: string,
  columns: readonly string[],
  parts: Readonly<Record<string, SQL>>,
) {
  const own = columns.map((name) => sql.raw(`${alias}.${snakeCase(name)} as "${name}"`));
  const more = Object.entries(parts).map(
    ([name, value]) => sql`${value} as ${sql.identifier(name)}`,
  );
  return sql`(select row_to_json(o) from (select ${sql.join([...own, ...more], sql`, `)}) o)`;
}

/** The column of a property. */
export const snakeCase = (name: string) =>
  name === 'q850Cause'
    ? 'q850_cause'
    : name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The readers' alias of each list's rows. */
export const ALIAS = { calls: 'c', extensions: 'e', events: 'r', deliveries: 'd' };
