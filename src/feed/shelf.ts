import { createUnerased } from './erased.ts';
import type { Entry } from './log.ts';
import type { Position } from './position.ts';

/** How many entries are kept in memory, 20 s of a busy switch; readers further behind are fed from the log. */
export const KEPT = 10_000;
/** How many more there may be before the oldest go, so that they go seldom. */
const SLACK = 1000;
/** And how many characters: a customer's program may attach 64 kB to each of its calls. */
const KEPT_CHARACTERS = 32_000_000;
const SLACK_CHARACTERS = 8_000_000;

/** At most so many at once, so that a slow reader holds little, and little of it grows old in its hands. */
const PART = 100;

/** Entries in order, the newest of them. */
export interface Shelf {
  readonly entries: readonly Entry[];
  /** Some from a place on, up to the next hundred: until more is added, the same list for all who ask. */
  partAt(next: number): readonly Entry[];
  /** Puts entries behind the others, and gives the place of the last one that went for them, or null. */
  add(added: readonly Entry[]): Position | null;
}

/** An empty one. */
export function createShelf(): Shelf {
  const kept = createUnerased();
  /** At least that of all; what was erased since it was counted is still in it. */
  let weight = 0;
  let parts = new Map<number, readonly Entry[]>();
  return {
    get entries() {
      return kept.entries;
    },
    partAt(next) {
      const part = parts.get(next) ?? kept.entries.slice(next, next + PART - (next % PART));
      parts.set(next, part);
      return part;
    },
    add(added) {
      parts = new Map();
      kept.push(added);
      const { entries } = kept;
      weight += weightOf(added);
      const isFull = weight > KEPT_CHARACTERS + SLACK_CHARACTERS;
      if (entries.length <= KEPT + SLACK && !isFull) return null;
      const gone = kept.drop(isFull ? surplusOf(entries) : entries.length - KEPT);
      weight = isFull ? weightOf(kept.entries) : weight - weightOf(gone);
      return gone.at(-1)?.at ?? null;
    },
  };
}

/** How many of the oldest have to go. */
function surplusOf(entries: readonly Entry[]): number {
  const oldest = Math.max(0, entries.length - KEPT);
  let left = KEPT_CHARACTERS;
  const fits = (entry: Entry) => {
    left -= charactersOf(entry);
    return left >= 0;
  };
  return Math.max(oldest, entries.findLastIndex((entry) => !fits(entry)) + 1);
}

const charactersOf = ({ kept }: Entry) => kept?.text.length ?? 0;

const weightOf = (entries: readonly Entry[]) =>
  entries.reduce((sum, entry) => sum + charactersOf(entry), 0);
