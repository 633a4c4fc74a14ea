import type { FeedTrouble } from './feed.ts';
import { type Batch, type Entry, type Log, later } from './log.ts';
import { comparePositions, type Position } from './position.ts';

/** How many entries are kept in memory; readers further behind are fed from the log. */
const KEPT = 5000;
const FASTEST_MS = 25;
const SLOWEST_MS = 500;
const BLOCKED_MS = 5000;

/** The end of the log in memory, read by one poller for all readers of this process. */
export interface Tail extends AsyncDisposable {
  /** Entries after a position, or null when it is further back than what is kept. */
  since(position: Position): Batch | null;
  /** Resolves when there are entries after this position, at the signal, or after this many milliseconds. */
  advanced(beyond: Position, signal: AbortSignal, longestMs: number): Promise<void>;
  wake(): void;
  trouble(): FeedTrouble;
}

/** Starts polling. `onError` sees each failed look; polling goes on. */
export async function startTail(log: Log, onError: (error: unknown) => void): Promise<Tail> {
  const first = await log.after(await headOf(log));
  let start = first.head;
  let head = first.head;
  let entries: readonly Entry[] = [];
  let waiters = new Set<() => void>();
  let failing = false;
  let blockedSince: number | null = null;
  let alarm = Promise.withResolvers<void>();
  const stop = new AbortController();

  const take = (batch: Batch) => {
    head = later(head, batch.head);
    entries = keep([...entries, ...batch.entries]);
    const dropped = entries.length - KEPT;
    if (dropped > 0) {
      start = entries[dropped - 1]?.at ?? start;
      entries = entries.slice(dropped);
    }
    if (batch.entries.length === 0) return;
    const woken = waiters;
    waiters = new Set();
    for (const resolve of woken) resolve();
  };

  const look = async (): Promise<boolean> => {
    try {
      const found = await log.after(head);
      if (found.head.epoch !== head.epoch) start = head = found.head;
      blockedSince = found.blocked ? (blockedSince ?? Date.now()) : null;
      failing = false;
      take(found);
      return found.entries.length > 0 || found.blocked;
    } catch (error) {
      if (!stop.signal.aborted) onError(error);
      failing = true;
      return false;
    }
  };

  const polling = (async () => {
    let pause = FASTEST_MS;
    while (!stop.signal.aborted) {
      pause = (await look()) ? FASTEST_MS : Math.min(pause * 2, SLOWEST_MS);
      const woken = await Promise.race([alarm.promise.then(() => true), sleep(pause, stop.signal)]);
      if (woken) pause = FASTEST_MS;
      alarm = woken ? Promise.withResolvers() : alarm;
    }
  })();

  return {
    since(position) {
      if (position.epoch !== head.epoch || comparePositions(position, start) < 0) return null;
      const from = entries.findIndex(({ at }) => comparePositions(at, position) > 0);
      return { entries: from < 0 ? [] : entries.slice(from), head: later(position, head) };
    },
    advanced: (beyond, signal, longestMs) => {
      const last = entries.at(-1)?.at ?? start;
      if (comparePositions(beyond, last) < 0 || signal.aborted) return Promise.resolve();
      const { promise, resolve } = Promise.withResolvers<void>();
      const wake = () => resolve();
      waiters.add(wake);
      const timer = setTimeout(wake, longestMs);
      signal.addEventListener('abort', wake);
      return promise.finally(() => {
        clearTimeout(timer);
        waiters.delete(wake);
        signal.removeEventListener('abort', wake);
      });
    },
    wake: () => alarm.resolve(),
    trouble: () => {
      if (failing) return 'the log cannot be read';
      const waited = blockedSince === null ? 0 : Date.now() - blockedSince;
      return waited > BLOCKED_MS ? 'an old transaction keeps changes from being delivered' : null;
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await polling;
    },
  };
}

/** The position before everything that is visible now is not needed: begin at the horizon. */
const headOf = async (log: Log) =>
  (await log.live({ organizationId: null, ownerId: null }, { callIds: [] })).head;

/** What was erased from the log goes from memory, too. */
function keep(entries: readonly Entry[]): readonly Entry[] {
  const erased = new Map<string, Entry>();
  const bare = new Map<string, Entry>();
  for (const entry of entries) {
    const { kind, callId, call } = entry.change;
    if (kind === 'DELETED') erased.set(callId, entry);
    if (kind === 'USER_DATA' && !call?.userData) bare.set(callId, entry);
  }
  if (erased.size + bare.size === 0) return entries;
  return entries
    .filter((entry) => (erased.get(entry.change.callId) ?? entry) === entry)
    .map((entry) =>
      precedes(entry, bare.get(entry.change.callId)) ? withoutUserData(entry) : entry,
    );
}

const precedes = (entry: Entry, other: Entry | undefined) =>
  other !== undefined && comparePositions(entry.at, other.at) < 0;

const withoutUserData = ({ at, change }: Entry): Entry => ({
  at,
  change: { ...change, call: change.call && { ...change.call, userData: null } },
});

/** False after the pause, true never: for a race with something that says true. */
function sleep(ms: number, signal: AbortSignal): Promise<false> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve(false);
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}
