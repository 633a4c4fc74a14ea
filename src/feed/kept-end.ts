import { bisect } from './bisect.ts';
import type { Entry } from './entry.ts';
import type { FeedTrouble } from './feed.ts';
import { type Batch, type Log, type Look, later } from './log.ts';
import type { Names } from './names.ts';
import { comparePositions, type Position } from './position.ts';
import { createShelf, KEPT } from './shelf.ts';
import { createWaiters } from './waiters.ts';

const STUCK_MS = 5000;

/** What a look at the log found. */
export interface Found {
  /** How many entries that were not known. */
  readonly news: number;
  /** Whether more could have been read than was asked for. */
  readonly hasMore: boolean;
  /** Whether to look again soon: more is committed, but waits for an older transaction to end. */
  readonly isBlocked: boolean;
}

export type KeptEnd = ReturnType<typeof keepEnd>;

/** Reads what is to be kept: whoever was here before a restart has not far to go back. */
export async function readEnd(log: Pick<Log, 'after' | 'before'>): Promise<KeptEnd> {
  const kept = keepEnd(await log.before(KEPT));
  for (let isAll = false; !isAll; ) {
    isAll = !kept.take(await log.after(kept.head())).hasMore;
  }
  return kept;
}

/** What is kept of the end of the log, and who waits for more of it. */
function keepEnd(first: Position) {
  let start = first;
  let head = first;
  let horizon = first.xid;
  let shelf = createShelf();
  const waiters = createWaiters();
  let stuckSince: number | null = null;

  function beginAt(position: Position) {
    start = head = position;
    shelf = createShelf();
    waiters.wakeAll();
  }

  function keep(added: readonly Entry[]) {
    try {
      start = shelf.add(added) ?? start;
    } catch (error) {
      // Without memory for all of them: readers find them in the log.
      beginAt(head);
      throw error;
    }
    waiters.wakeAll();
  }

  return {
    head: () => head,
    horizon: () => horizon,
    take(found: Look): Found {
      if (found.end.epoch !== head.epoch || found.future <= head.xid) {
        // Another life of the database: what was kept is of the old one, and its readers must learn of the gap.
        beginAt(found.head);
        horizon = found.horizon;
        return { news: 0, hasMore: false, isBlocked: true };
      }
      const stands = found.blocked && comparePositions(found.head, head) <= 0;
      stuckSince = stands ? (stuckSince ?? Date.now()) : null;
      // Away for longer than the log is kept: what is missing must be a gap to whoever reads across it.
      if (comparePositions(head, found.oldest) < 0) beginAt(found.oldest);
      // Two may have read the same: what is known is not taken again.
      const added = found.entries.slice(firstAfter(found.entries, head));
      head = later(head, found.head);
      horizon = found.horizon;
      if (added.length > 0) keep(added);
      const hasMore = comparePositions(head, found.end) < 0;
      return { news: added.length, hasMore, isBlocked: found.blocked };
    },
    /** Few entries at once, so that a slow reader holds little, and little of it grows old in its hands. */
    since(position: Position, names: Names): Batch | null {
      // What is beyond the head may be of a future that a restored database never had: the log knows.
      const isKept =
        position.epoch === head.epoch &&
        comparePositions(start, position) <= 0 &&
        comparePositions(position, head) <= 0;
      if (!isKept) return null;
      const { entries, upTo } = shelf.after(position, names);
      return upTo ? { entries, head: upTo, horizon: upTo.xid } : { entries, head, horizon };
    },
    advanced(beyond: Position, signal: AbortSignal, longestMs: number): Promise<void> {
      const last = shelf.last() ?? start;
      const isBehind = beyond.epoch === head.epoch && comparePositions(beyond, last) < 0;
      if (isBehind || signal.aborted) return Promise.resolve();
      return waiters.wait(signal, longestMs);
    },
    trouble(): FeedTrouble {
      const stuckMs = stuckSince === null ? 0 : Date.now() - stuckSince;
      return stuckMs > STUCK_MS ? 'an old transaction keeps changes from being delivered' : null;
    },
  };
}

/** Where in the ordered entries the first one after a position stands. */
const firstAfter = (entries: readonly Entry[], position: Position) =>
  bisect(0, entries.length, (index) => {
    const entry = entries[index];
    return entry !== undefined && comparePositions(entry.at, position) <= 0;
  });
