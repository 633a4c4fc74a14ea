import { setTimeout as wait } from 'node:timers/promises';
import { createAlarm } from '../model/alarm.ts';
import type { FeedTrouble } from './feed.ts';
import { type Found, readEnd } from './kept-end.ts';
import type { Batch, Log } from './log.ts';
import { createLooker } from './looker.ts';
import type { Position } from './position.ts';

const FASTEST_MS = 25;
const SLOWEST_MS = 500;
/** While much is committed, looking takes a tenth of the time at most: on a busy database it makes room for writers. */
const PAUSE_PER_LOOK = 9;
/** When much is committed, one look sees what came within this time. */
const REST_MS = 4;

/** The end of the log in memory, read by one poller for all readers of this process. */
export interface Tail extends AsyncDisposable {
  /** Up to where the log is known. */
  head(): Position;
  /** No entry after the head is of a transaction below it. */
  horizon(): bigint;
  /** Entries after a position, or null when that is not within what is kept. */
  since(position: Position): Batch | null;
  /** Resolves when there are entries after this position, at the signal, or after this many milliseconds. */
  advanced(beyond: Position, signal: AbortSignal, longestMs: number): Promise<void>;
  wake(): void;
  /** Whether what comes is known at once. */
  isCurrent(): boolean;
  trouble(): FeedTrouble;
  /** Why changes come by another way than they should, or null; absent where there is but one. */
  detour?(): FeedTrouble;
}

/** Starts polling. `onError` sees each failed look; polling goes on. */
export async function startTail(log: Log, onError: (error: unknown) => void): Promise<Tail> {
  const kept = await readEnd(log);
  const alarm = createAlarm();
  const stop = new AbortController();
  const looker = createLooker(log, kept, stop.signal, onError);

  const polling = (async () => {
    let pause = FASTEST_MS;
    while (!stop.signal.aborted) {
      const began = performance.now();
      const found = await looker.look();
      pause = nextPause(found, pause, performance.now() - began);
      if (found !== 'NOTHING') await wait(REST_MS);
      if (await alarm.within(pause)) pause = FASTEST_MS;
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
    isCurrent: () => looker.trouble() === null,
    trouble: () => looker.trouble() ?? kept.trouble(),
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      alarm.ring();
      await polling;
    },
  };
}

function nextPause(found: Found, pause: number, tookMs: number): number {
  if (found === 'BLOCKED') return FASTEST_MS;
  return Math.min(found === 'NEWS' ? tookMs * PAUSE_PER_LOOK : pause * 2, SLOWEST_MS);
}

/** Where the log ends now. */
export const headOf = (log: Log): Promise<Position> => log.before(0);
