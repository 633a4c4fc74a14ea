import { setTimeout as wait } from 'node:timers/promises';
import { createAlarm } from '../model/alarm.ts';
import type { FeedTrouble } from './feed.ts';
import { type Found, readEnd } from './kept-end.ts';
import type { Batch, Log } from './log.ts';
import { createLooker } from './looker.ts';
import type { Names } from './names.ts';
import { createPace } from './pace.ts';
import type { Position } from './position.ts';

const FASTEST_MS = 25;
const SLOWEST_MS = 500;

/** The end of the log in memory, read by one poller for all readers of this process. */
export interface Tail extends AsyncDisposable {
  /** Up to where the log is known. */
  head(): Position;
  /** No entry after the head is of a transaction below it. */
  horizon(): bigint;
  /** Some entries after a position that have one of these names, or null when that is not within what is kept. */
  since(position: Position, names: Names): Batch | null;
  /** Resolves when there are entries after this position, at the signal, or after this many milliseconds. */
  advanced(beyond: Position, signal: AbortSignal, longestMs: number): Promise<void>;
  wake(): void;
  /** Whether what comes is known at once. */
  isCurrent(): boolean;
  trouble(): FeedTrouble;
  /** Why changes come by another way than they should, or null; absent where there is but one. */
  detour?(): FeedTrouble;
}

/** A tail that finds news by itself. */
export interface PollingTail extends Tail {
  /** Milliseconds since a look found something. */
  newsAge(): number;
}

/** Starts polling. `onError` sees each failed look; polling goes on. */
export async function startTail(log: Log, onError: (error: unknown) => void): Promise<PollingTail> {
  const kept = await readEnd(log);
  const alarm = createAlarm();
  const pace = createPace();
  const stop = new AbortController();
  const looker = createLooker(log, kept, stop.signal, onError);

  let pause = FASTEST_MS;
  let lastNews = Number.NEGATIVE_INFINITY;

  async function rest({ news, isBlocked }: Found, ms: number) {
    if (news > 0 || isBlocked) pause = FASTEST_MS;
    if (news > 0) await wait(ms);
    else pause = (await alarm.within(pause)) ? FASTEST_MS : Math.min(pause * 2, SLOWEST_MS);
  }

  const polling = (async () => {
    while (!stop.signal.aborted) {
      const found = await looker.look();
      if (found.news > 0) lastNews = performance.now();
      const ms = pace.restAfter(found.news);
      if (!found.hasMore) await rest(found, ms);
    }
  })();

  return {
    head: kept.head,
    horizon: kept.horizon,
    since: kept.since,
    advanced: (beyond, signal, longestMs) => {
      const isOfThisLife = beyond.epoch === kept.head().epoch;
      if (!isOfThisLife) alarm.ring();
      return kept.advanced(beyond, signal, isOfThisLife ? longestMs : FASTEST_MS);
    },
    wake: alarm.ring,
    newsAge: () => performance.now() - lastNews,
    isCurrent: () => looker.trouble() === null,
    trouble: () => looker.trouble() ?? kept.trouble(),
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      alarm.ring();
      await polling;
    },
  };
}

/** Where the log ends now. */
export const headOf = (log: Log): Promise<Position> => log.before(0);
