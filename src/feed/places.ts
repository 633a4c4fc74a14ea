import { bisect } from './bisect.ts';
import type { Change } from './feed.ts';
import { type NameKind, type Names, namesOf } from './names.ts';

const KINDS = ['call', 'extension', 'owner', 'organization'] as const;
/** Of several names so many places are put in order at once. */
const AT_ONCE = 100;

/** Where changes stand, by what they name: who comes back has missed few of what all others have. */
export interface Places {
  /** Notes a change that stands behind all others. */
  add(place: number, change: Change): void;
  /** Of those that have one of these names, from a place on, in order. Not for all there are. */
  from(place: number, names: Names): Iterable<number>;
  /** Forgets what stands before a place. */
  dropBelow(place: number): void;
}

/** None yet. */
export function createPlaces(): Places {
  const index = new Map<NameKind, Map<string, number[]>>(KINDS.map((kind) => [kind, new Map()]));

  return {
    add(place, change) {
      for (const [kind, lists] of index) {
        for (const name of namesOf(change, kind)) {
          const list = lists.get(name);
          if (!list) lists.set(name, [place]);
          // A name may be there twice.
          else if (list.at(-1) !== place) list.push(place);
        }
      }
    },
    from(place, [kind, names]) {
      const lists = names.map((name) => index.get(kind)?.get(name) ?? []);
      return lists[0] && lists.length === 1 ? rest(lists[0], place) : united(lists, place);
    },
    dropBelow(place) {
      for (const lists of index.values()) {
        for (const [name, list] of lists) {
          list.splice(0, firstFrom(list, place));
          if (list.length === 0) lists.delete(name);
        }
      }
    },
  };
}

function* rest(list: readonly number[], place: number) {
  for (let at = firstFrom(list, place); at < list.length; at += 1) yield list[at] ?? 0;
}

/** Of several lists: what stands first in all stands among the first of each. */
function* united(lists: readonly (readonly number[])[], place: number) {
  for (let from = place; ; ) {
    const some = lists.flatMap((list) => {
      const at = firstFrom(list, from);
      return list.slice(at, at + AT_ONCE);
    });
    const next = [...new Set(some)].sort((one, other) => one - other).slice(0, AT_ONCE);
    yield* next;
    const last = next.at(-1);
    if (last === undefined) return;
    from = last + 1;
  }
}

/** The index of the first place that is not before this one. */
const firstFrom = (list: readonly number[], place: number) =>
  bisect(0, list.length, (index) => (list[index] ?? place) < place);
