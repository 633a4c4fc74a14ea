import { fillPlaceholders, type SQL, sql } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import { LRUCache } from 'lru-cache';
import type { Statement } from '../database.ts';

const MOST = 1000;
/** Characters of all of them together: what is looked for by name is part of a form. */
const MOST_KEPT = 16_000_000;

/** What only says which rows are meant: the text of a statement is the same whatever these are. */
const VALUES = new Set([
  ...['organizationId', 'ownerId', 'id', 'ids', 'extensionId', 'extensionIds', 'extensions'],
  ...['directions', 'number', 'anyNumber', 'anyName', 'offeredFrom', 'offeredBefore', 'phonesOf'],
]);

/** A part of an input, with placeholders where it has values. */
interface Lifted {
  /** Only needed where a statement has to be built. */
  readonly form: () => unknown;
  /** Tells forms apart. */
  readonly text: string;
  readonly values: Readonly<Record<string, unknown>>;
}

const forms = new LRUCache<string, Statement>({
  max: MOST,
  maxSize: MOST_KEPT,
  sizeCalculation: ({ sql: text }, form) => text.length + form.length,
});
/** Shapes are made once for each operation and come again with each request; by where they stood. */
const kept = new WeakMap<object, Readonly<{ path: string; lifted: Lifted }>>();
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
  const { form, text: shape, values } = liftObject(name, input);
  const text = `${name} ${shape}`;
  let statement = forms.get(text);
  if (!statement) {
    statement = dialect.sqlToQuery(build(form() as Input)); // placeholders where it has values
    forms.set(text, statement);
  }
  return { sql: statement.sql, params: fillPlaceholders([...statement.params], values) };
}

/** What is null or absent stays so, for it decides the form. */
function lift(path: string, key: string, node: unknown): Lifted {
  if (node === null || node === undefined) return { form: () => node, text: 'null', values: {} };
  if (VALUES.has(key)) return placeholder(path, node);
  const isCursor = (key === 'after' || key === 'before') && Array.isArray(node);
  if (isCursor) {
    const parts = node.map((part, at) => [String(at), placeholder(`${path}.${at}`, part)] as const);
    return joined(parts, (entries) => entries.map(([, part]) => part));
  }
  if (typeof node !== 'object' || Array.isArray(node)) {
    return { form: () => node, text: JSON.stringify(node), values: {} };
  }
  return key === 'shape' ? liftShape(path, node) : liftObject(path, node);
}

function liftShape(path: string, shape: object): Lifted {
  const known = kept.get(shape);
  if (known?.path === path) return known.lifted;
  const lifted = liftObject(path, shape);
  kept.set(shape, { path, lifted });
  return lifted;
}

const liftObject = (path: string, node: object): Lifted =>
  joined(
    Object.entries(node).map(([key, value]) => [key, lift(`${path}.${key}`, key, value)]),
    Object.fromEntries,
  );

function joined(
  parts: readonly (readonly [key: string, part: Lifted])[],
  together: (entries: [key: string, form: unknown][]) => unknown,
): Lifted {
  let text = '';
  const values: Record<string, unknown> = {};
  for (const [key, part] of parts) {
    text += `${JSON.stringify(key)}:${part.text},`;
    Object.assign(values, part.values);
  }
  const form = () => together(parts.map(([key, part]) => [key, part.form()]));
  return { form, text: `{${text}}`, values };
}

const placeholder = (path: string, value: unknown): Lifted => ({
  form: () => sql.placeholder(path),
  text: '$',
  values: { [path]: value },
});
