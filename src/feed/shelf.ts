import { LRUCache } from 'lru-cache';
import type { Entry } from './entry.ts';
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
/** Bytes of what was made for readers, and is at hand for others who catch up, too. */
const AT_HAND_BYTES = 16_000_000;

/** Some of what is kept, in order. */
export interface Part {
  readonly entries: readonly Entry[];
  /** Of the last entry, when there are others behind it. */
  readonly upTo: Position | null;
}

/** Entries in order, the newest of them. */
export interface Shelf {
  /** Of the last entry; null when there is none. */
  last(): Position | null;
  /** Some after a position: until more is added, the same list for all who ask. */
  after(position: Position): Part;
  /** Puts entries behind the others, and gives the place of the last one that went for them, or null. */
  add(added: readonly Entry[]): Position | null;
}

/** An empty one. What was added last is at hand as it came; the rest is made of bytes when somebody asks. */
export function createShelf(): Shelf {
  const slots = createSlots();
  const made = new LRUCache<number, Entry>({ maxSize: AT_HAND_BYTES });
  const parts = new LRUCache<number, Part>({ maxSize: AT_HAND_BYTES });
  let newest: (Entry | null)[] = [];
  let newestFrom = 0;

  function entryAt(place: number): Entry | null {
    if (place >= newestFrom) return newest[place - newestFrom] ?? null;
    const known = made.get(place);
    if (known) return known;
    const entry = slots.entryAt(place);
    if (entry) made.set(place, entry, { size: slots.bytesAt(place) });
    return entry;
  }

  /** Up to the next hundred, or what is large, and beyond while nothing is left of them. */
  function partAt(place: number): Part {
    let next = place;
    let size = 1;
    const entries: Entry[] = [];
    while (entries.length === 0 && next < slots.end()) {
      const end = partEnd(slots, next);
      for (; next < end; next += 1) {
        const entry = entryAt(next);
        if (entry) entries.push(entry);
        size += slots.bytesAt(next);
      }
    }
    const upTo = next < slots.end() ? (slots.positionAt(next - 1) ?? null) : null;
    const part = { entries, upTo };
    parts.set(place, part, { size });
    return part;
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
    after(position) {
      const place = firstAfter(slots, position);
      return parts.get(place) ?? partAt(place);
    },
    add(added) {
      parts.clear();
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

/** Where a part ends that begins at a place: mostly the same for all, wherever they began, so that they share the next. */
function partEnd({ end, bytesAt }: Pick<Slots, 'end' | 'bytesAt'>, place: number): number {
  const from = place - (place % PART);
  const last = Math.min(end(), from + PART);
  let size = 0;
  for (let at = from; at < last; at += 1) {
    size += bytesAt(at);
    if (size < PART_BYTES) continue;
    if (at >= place) return at + 1;
    size = 0;
  }
  return last;
}

type Places = Pick<Slots, 'first' | 'end' | 'positionAt'>;

/** The place of the first one after a position. */
function firstAfter({ first, end, positionAt }: Places, position: Position): number {
  let low = first();
  let high = end();
  while (low < high) {
    const middle = (low + high) >>> 1;
    const at = positionAt(middle);
    if (at && comparePositions(at, position) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
