import { bisect } from './bisect.ts';
import type { Entry } from './entry.ts';
import type { Names } from './names.ts';
import { comparePositions, type Position } from './position.ts';
import { createSlots, type Slots } from './slots.ts';

/** How many entries are kept in memory, 20 s of a busy switch; readers further behind are fed from the log. */
export const KEPT = 10_000;
/** How many more there may be before the oldest go, so that they go seldom. */
const SLACK = 1000;
/** And how many bytes: a customer's program may attach 64 kB to each of its calls. */
const KEPT_BYTES = 32_000_000;
const SLACK_BYTES = 8_000_000;

/** At most so many at once, so that a slow reader holds little, and little of it grows old in its hands. */
const PART = 100;
/** And no more bytes, but for the last of them. */
const PART_BYTES = 64_000;

/** Some of what is kept, in order. */
export interface Part {
  readonly entries: readonly Entry[];
  /** Of the last entry, when there may be others behind it. */
  readonly upTo: Position | null;
}

/** Entries in order, the newest of them. */
export interface Shelf {
  /** Of the last entry; null when there is none. */
  last(): Position | null;
  /** Some after a position that have one of these names. */
  after(position: Position, names: Names): Part;
  /** Puts entries behind the others, and gives the place of the last one that went for them, or null. */
  add(added: readonly Entry[]): Position | null;
}

/** An empty one. What was added last is at hand as it came; the rest is made of bytes when somebody asks. */
export function createShelf(): Shelf {
  const slots = createSlots();
  // By place, for others who catch up, too: less than all would be none for whoever reads it all.
  const made = new Map<number, Entry>();
  let newest: (Entry | null)[] = [];
  let newestFrom = 0;

  function entryAt(place: number): Entry | null {
    if (place >= newestFrom) return newest[place - newestFrom] ?? null;
    const known = made.get(place);
    if (known) return known;
    const entry = slots.entryAt(place);
    if (entry) made.set(place, entry);
    return entry;
  }

  /** From a place on, and beyond what is erased. */
  function partFrom(from: number, names: Names): Part {
    const entries: Entry[] = [];
    let size = 0;
    for (const place of slots.placesFrom(from, names)) {
      const entry = entryAt(place);
      if (!entry) continue;
      entries.push(entry);
      size += slots.bytesAt(place);
      if (entries.length < PART && size < PART_BYTES) continue;
      return { entries, upTo: slots.positionAt(place) ?? null };
    }
    return { entries, upTo: null };
  }

  /** How many of the oldest have to go. */
  function surplus(): number {
    let place = slots.end() - KEPT;
    let left = slots.bytes() - KEPT_BYTES;
    for (let oldest = slots.first(); oldest < slots.end() && left > 0; oldest += 1) {
      left -= slots.bytesAt(oldest);
      place = Math.max(place, oldest + 1);
    }
    return Math.max(0, place - slots.first());
  }

  return {
    last: () => slots.positionAt(slots.end() - 1) ?? null,
    after: (position, names) => partFrom(firstAfter(slots, position), names),
    add(added) {
      newestFrom = slots.end();
      const changed = slots.push(added);
      newest = [...added];
      for (const place of changed) {
        made.delete(place);
        if (place >= newestFrom) newest[place - newestFrom] = slots.entryAt(place);
      }
      const length = slots.end() - slots.first();
      if (length <= KEPT + SLACK && slots.bytes() <= KEPT_BYTES + SLACK_BYTES) return null;
      const gone = surplus();
      const last = slots.positionAt(slots.first() + gone - 1) ?? null;
      for (let place = slots.first(); gone > place - slots.first(); place += 1) made.delete(place);
      slots.drop(gone);
      return last;
    },
  };
}

type Placed = Pick<Slots, 'first' | 'end' | 'positionAt'>;

/** The place of the first one after a position. */
const firstAfter = ({ first, end, positionAt }: Placed, position: Position) =>
  bisect(first(), end(), (place) => {
    const at = positionAt(place);
    return at !== undefined && comparePositions(at, position) <= 0;
  });
