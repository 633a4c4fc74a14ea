import { bisect } from './bisect.ts';
import type { Change } from './feed.ts';
import { type NameKind, type Names, namesOf } from './names.ts';

const KINDS = ['call', 'extension', 'owner', 'organization'] as const;

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
      return united(lists, place);
    },
    dropBelow(place) {
      for (const lists of index.values()) {
        for (const [name, list] of lists) {
          const gone = firstFrom(list, place);
          if (gone > 0) list.splice(0, gone);
          if (list.length === 0) lists.delete(name);
        }
      }
    },
  };
}

/** Of lists in order, each place once. */
function* united(lists: readonly (readonly number[])[], place: number) {
  const cursors = lists.map((list) => ({ list, at: firstFrom(list, place) }));
  const headOf = ({ list, at }: (typeof cursors)[number]) => list[at] ?? Number.POSITIVE_INFINITY;
  for (;;) {
    let next = Number.POSITIVE_INFINITY;
    for (const cursor of cursors) next = Math.min(next, headOf(cursor));
    if (next === Number.POSITIVE_INFINITY) return;
    yield next;
    for (const cursor of cursors) if (headOf(cursor) === next) cursor.at += 1;
  }
}

/** The index of the first place that is not before this one. */
const firstFrom = (list: readonly number[], place: number) =>
  bisect(0, list.length, (index) => (list[index] ?? place) < place);
