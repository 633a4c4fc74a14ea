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

/** What has been found of an input so far. */
interface Lifted {
  /** Tells forms apart. */
  text: string;
  readonly values: Record<string, unknown>;
  /** Whether the form itself is wanted, which it is only where a statement has to be built. */
  readonly builds: boolean;
}

const forms = new LRUCache<string, Statement>({
  max: MOST,
  maxSize: MOST_KEPT,
  sizeCalculation: ({ sql: text }, form) => text.length + form.length,
});
/** Shapes are made once for each operation and come again with each request; by where they stood. */
const kept = new WeakMap<
  object,
  Readonly<{ path: string; word: string; values: Lifted['values'] }>
>();
/** Short words for the texts of shapes, which would be compared letter by letter with each request; none comes twice. */
const words = new LRUCache<string, string>({
  max: MOST,
  maxSize: MOST_KEPT,
  sizeCalculation: (_, text) => text.length + 1,
});
let given = 0;
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
  const lifted = nothing(false);
  liftObject(lifted, name, input);
  const text = `${name} ${lifted.text}`;
  let statement = forms.get(text);
  if (!statement) {
    const form = liftObject(nothing(true), name, input) as Input; // placeholders where it has values
    statement = dialect.sqlToQuery(build(form));
    forms.set(text, statement);
  }
  return { sql: statement.sql, params: fillPlaceholders([...statement.params], lifted.values) };
}

const nothing = (builds: boolean): Lifted => ({ text: '', values: {}, builds });

/** Gives the form, if it is wanted. What is null or absent stays so, for it decides the form. */
function lift(into: Lifted, path: string, key: string, node: unknown): unknown {
  if (node === null || node === undefined) {
    into.text += 'null';
    return node;
  }
  if (VALUES.has(key)) return liftValue(into, path, node);
  const isCursor = (key === 'after' || key === 'before') && Array.isArray(node);
  if (isCursor) return node.map((part, at) => liftValue(into, `${path}.${at}`, part));
  if (typeof node !== 'object' || Array.isArray(node)) {
    into.text += JSON.stringify(node);
    return node;
  }
  return key === 'shape' ? liftShape(into, path, node) : liftObject(into, path, node);
}

function liftValue(into: Lifted, path: string, value: unknown): unknown {
  into.text += '$';
  into.values[path] = value;
  return into.builds ? sql.placeholder(path) : null;
}

function liftObject(into: Lifted, path: string, node: object): unknown {
  const form: Record<string, unknown> | null = into.builds ? {} : null;
  into.text += '{';
  for (const [key, value] of Object.entries(node)) {
    into.text += `${JSON.stringify(key)}:`;
    const part = lift(into, `${path}.${key}`, key, value);
    if (form) form[key] = part;
    into.text += ',';
  }
  into.text += '}';
  return form;
}

function liftShape(into: Lifted, path: string, shape: object): unknown {
  if (into.builds) return liftObject(into, path, shape);
  let known = kept.get(shape);
  if (known?.path !== path) {
    const lifted = nothing(false);
    liftObject(lifted, path, shape);
    known = { path, word: wordFor(lifted.text), values: lifted.values };
    kept.set(shape, known);
  }
  into.text += known.word;
  Object.assign(into.values, known.values);
  return null;
}

function wordFor(text: string): string {
  const known = words.get(text);
  if (known) return known;
  given += 1;
  const word = `#${given}`;
  words.set(text, word);
  return word;
}
