import { type Entry, entryOf } from '../entry.ts';
import type { Look } from '../log.ts';
import { comparePositions, type Position } from '../position.ts';
import type { Told } from './told.ts';

/** More are dropped: whoever misses them reads the log. */
const MOST = 5000;

/** What was told and is not taken yet. */
export interface Pending {
  add(told: Told): void;
  /** Takes out what continues the log from here, in the form of a look at it; null when nothing does. */
  continuing(head: Position): Look | null;
  /** Whether something is left, which does not continue what was taken. */
  hasMore(): boolean;
  /** Drops what is of other lives of the database. */
  keepOnly(epoch: string): void;
}

export function createPending(): Pending {
  let waiting: Told[] = [];
  return {
    add: (told) => {
      waiting.push(told);
      if (waiting.length > MOST) waiting = waiting.slice(MOST / 2);
    },
    continuing(from) {
      const entries: Entry[] = [];
      let head = from;
      let blocked = false;
      let horizon = from.xid;
      let taken = 0;
      for (const told of waiting) {
        if (!continues(told, head)) break;
        taken += 1;
        const order = comparePositions(told.at, head);
        if (order < 0) continue;
        blocked = told.blocked;
        horizon = told.horizon;
        if (told.change && order > 0) entries.push(entryOf(told.at, told.change));
        head = told.at;
      }
      if (taken === 0) return null;
      waiting = waiting.slice(taken);
      return { entries, head, end: head, future: head.xid + 1n, horizon, oldest: from, blocked };
    },
    hasMore: () => waiting.length > 0,
    keepOnly: (epoch) => {
      waiting = waiting.filter(({ at }) => at.epoch === epoch);
    },
  };
}

const continues = ({ after, at }: Told, head: Position) =>
  at.epoch === head.epoch && comparePositions(after, head) <= 0;
