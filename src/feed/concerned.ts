import type { Entry } from './entry.ts';
import { type NameKind, type Names, namesOf } from './names.ts';

type Index = Map<string, readonly Entry[]>;

/** Of lists that many readers get: thousands come back at once, and each has missed what all others have. */
const indexes = new WeakMap<readonly Entry[], Map<NameKind, Index>>();

/** The entries of a list that have one of these names, in order: the others are not looked at for each reader. */
export function mayConcern(entries: readonly Entry[], [kind, names]: Names): readonly Entry[] {
  if (kind === 'all') return entries;
  const index = indexOf(entries, kind);
  const found = names.flatMap((name) => index.get(name) ?? []);
  if (names.length < 2 || found.length === 0) return found;
  const wanted = new Set(found);
  return entries.filter((entry) => wanted.has(entry));
}

function indexOf(entries: readonly Entry[], kind: NameKind): Index {
  const known = indexes.get(entries) ?? new Map<NameKind, Index>();
  indexes.set(entries, known);
  const index = known.get(kind) ?? indexed(entries, kind);
  known.set(kind, index);
  return index;
}

function indexed(entries: readonly Entry[], kind: NameKind): Index {
  const index = new Map<string, Entry[]>();
  for (const entry of entries) {
    for (const name of new Set(namesOf(entry.message.change, kind))) {
      const named = index.get(name);
      if (named) named.push(entry);
      else index.set(name, [entry]);
    }
  }
  return index;
}
