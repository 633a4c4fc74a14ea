import { fillPlaceholders, type SQL, sql } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import { LRUCache } from 'lru-cache';
import type { Statement } from '../database.ts';

const MOST = 1000;

/** What only says which rows are meant: the text of a statement is the same whatever these are. */
const VALUES = new Set([
  ...['organizationId', 'ownerId', 'id', 'ids', 'extensionId', 'extensionIds', 'extensions'],
  ...['directions', 'number', 'anyNumber', 'anyName', 'offeredFrom', 'offeredBefore'],
]);

const forms = new LRUCache<string, Statement>({ max: MOST });
const dialect = new PgDialect();

/**
 * Builds a statement once for each form of its input, and fills the values in: building costs more than a small
 * statement itself.
 * @param name tells builders apart; each has one.
 */
export function filled<Input extends object>(
  name: string,
  input: Input,
  build: (input: Input) => SQL,
): Statement {
  const values: Record<string, unknown> = {};
  const lifted = lift(input, values);
  const key = `${name} ${JSON.stringify(lifted)}`;
  const form = forms.get(key) ?? dialect.sqlToQuery(build(lifted as Input)); // placeholders where it has values
  forms.set(key, form);
  return { sql: form.sql, params: fillPlaceholders([...form.params], values) };
}

/** The same with placeholders for values; what is null or absent stays so, for it decides the form. */
function lift(node: unknown, values: Record<string, unknown>): unknown {
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return node;
  const entries = Object.entries(node).map(([key, value]) => {
    if (value === null || value === undefined) return [key, value];
    if (VALUES.has(key)) return [key, placeholder(value, values)];
    const isCursor = (key === 'after' || key === 'before') && Array.isArray(value);
    if (isCursor) return [key, value.map((part) => placeholder(part, values))];
    return [key, lift(value, values)];
  });
  return Object.fromEntries(entries);
}

function placeholder(value: unknown, values: Record<string, unknown>) {
  const name = `v${Object.keys(values).length}`;
  values[name] = value;
  return sql.placeholder(name);
}
