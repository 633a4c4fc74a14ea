import type { FeedTrouble } from './feed.ts';
import { type Batch, type Entry, type Look, later } from './log.ts';
import { comparePositions, type Position } from './position.ts';
import { createWaiters } from './waiters.ts';

/** How many entries are kept in memory; readers further behind are fed from the log. */
const KEPT = 5000;
const STUCK_MS = 5000;
const BATCH = 100;

/** What is kept of the end of the log, and who waits for more of it. */
export function keepEnd(first: Position) {
  let start = first;
  let head = first;
  let entries: readonly Entry[] = [];
  const waiters = createWaiters();
  let stuckSince: number | null = null;

  return {
    head: () => head,
    /** Says whether more may come at once. */
    take(found: Look): boolean {
      if (found.head.epoch !== head.epoch) {
        // Another life of the database: what was kept is of the old one, and its readers must learn of the gap.
        start = head = found.head;
        entries = [];
        waiters.wakeAll();
        return true;
      }
      const stands = found.blocked && comparePositions(found.head, head) <= 0;
      stuckSince = stands ? (stuckSince ?? Date.now()) : null;
      if (comparePositions(head, found.oldest) < 0) {
        // Away for longer than the log is kept: what is missing must be a gap to whoever reads across it.
        start = found.oldest;
        entries = [];
      }
      head = later(head, found.head);
      if (found.entries.length === 0) return found.blocked;
      entries = withoutErased([...entries, ...found.entries]);
      const dropped = entries.length - KEPT;
      if (dropped > 0) {
        start = entries[dropped - 1]?.at ?? start;
        entries = entries.slice(dropped);
      }
      waiters.wakeAll();
      return true;
    },
    /** At most so many entries, so that a slow reader holds little, and little of it grows old in its hands. */
    since(position: Position): Batch | null {
      // What is beyond the head may be of a future that a restored database never had: the log knows.
      const isKept =
        position.epoch === head.epoch &&
        comparePositions(start, position) <= 0 &&
        comparePositions(position, head) <= 0;
      if (!isKept) return null;
      const last = entries.findLastIndex(({ at }) => comparePositions(at, position) <= 0);
      const some = entries.slice(last + 1, last + 1 + BATCH);
      const isAll = last + 1 + BATCH >= entries.length;
      return { entries: some, head: isAll ? head : (some.at(-1)?.at ?? head) };
    },
    advanced(beyond: Position, signal: AbortSignal, longestMs: number): Promise<void> {
      const last = entries.at(-1)?.at ?? start;
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

/**
 * What was erased from the log goes from memory, too: all of a call that was deleted, and of user data
 * the keys that a later change no longer has.
 */
function withoutErased(entries: readonly Entry[]): readonly Entry[] {
  const gone = new Set<string>();
  const left = new Map<string, ReadonlySet<string>>();
  const kept: Entry[] = [];
  for (const entry of entries.toReversed()) {
    const { kind, callId, call } = entry.change;
    if (gone.has(callId)) continue;
    if (kind === 'DELETED') gone.add(callId);
    kept.push(withKeys(entry, left.get(callId)));
    if (kind === 'USER_DATA') {
      const keys = new Set(Object.keys(call?.userData ?? {}));
      left.set(callId, left.get(callId)?.intersection(keys) ?? keys);
    }
  }
  return kept.reverse();
}

/** The entry with no other keys of user data than these; as it is when none are given. */
function withKeys(entry: Entry, keys: ReadonlySet<string> | undefined): Entry {
  const { call } = entry.change;
  if (!keys || !call?.userData) return entry;
  const pairs = Object.entries(call.userData).filter(([key]) => keys.has(key));
  const userData = pairs.length > 0 ? Object.fromEntries(pairs) : null;
  return { ...entry, change: { ...entry.change, call: { ...call, userData } } };
}
