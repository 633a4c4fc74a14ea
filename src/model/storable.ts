import type { Json } from './json.ts';

/**
 * The same with texts that Postgres can keep: it has no place for U+0000 and for halves of surrogate pairs, and what
 * a caller's phone has put there must not keep its call, nor others, from being recorded.
 */
export function storable<Value>(value: Value): Value {
  return storableJson(value as Json) as Value; // nothing but texts changes, and they stay texts
}

function storableJson(value: Json): Json {
  if (typeof value === 'string') return storableText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(storableJson);
  const pairs = Object.entries(value);
  return Object.fromEntries(pairs.map(([key, part]) => [storableText(key), storableJson(part)]));
}

const storableText = (text: string) => text.replaceAll('\0', '\uFFFD').toWellFormed();
