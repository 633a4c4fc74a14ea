import { setTimeout as wait } from 'node:timers/promises';
import type { FeedTrouble } from './feed.ts';
import { keepEnd } from './kept-end.ts';
import type { Batch, Log } from './log.ts';
import type { Position } from './position.ts';

const FASTEST_MS = 25;
const SLOWEST_MS = 500;
/** When much is committed, one look sees what came within this time. */
const REST_MS = 4;
const LONGEST_LOOK_MS = 5000;

/** The end of the log in memory, read by one poller for all readers of this process. */
export interface Tail extends AsyncDisposable {
  /** Up to where the log is known. */
  head(): Position;
  /** Entries after a position, or null when that is not within what is kept. */
  since(position: Position): Batch | null;
  /** Resolves when there are entries after this position, at the signal, or after this many milliseconds. */
  advanced(beyond: Position, signal: AbortSignal, longestMs: number): Promise<void>;
  wake(): void;
  trouble(): FeedTrouble;
}

/** Starts polling. `onError` sees each failed look; polling goes on. */
export async function startTail(log: Log, onError: (error: unknown) => void): Promise<Tail> {
  const kept = keepEnd((await log.after(await headOf(log))).head);
  const alarm = createAlarm();
  const stop = new AbortController();
  let failing = false;
  /** When the look under way began; null between looks. */
  let began: number | null = null;

  const look = async (): Promise<boolean> => {
    began = Date.now();
    try {
      const found = await log.after(kept.head());
      failing = false;
      return kept.take(found);
    } catch (error) {
      if (!stop.signal.aborted) onError(error);
      failing = true;
      return false;
    } finally {
      began = null;
    }
  };

  const polling = (async () => {
    let pause = FASTEST_MS;
    while (!stop.signal.aborted) {
      const isBusy = await look();
      pause = isBusy ? FASTEST_MS : Math.min(pause * 2, SLOWEST_MS);
      if (isBusy) await wait(REST_MS);
      if (await alarm.within(pause)) pause = FASTEST_MS;
    }
  })();

  return {
    head: kept.head,
    since: kept.since,
    advanced: (beyond, signal, longestMs) => {
      const isOfThisLife = beyond.epoch === kept.head().epoch;
      if (!isOfThisLife) alarm.ring();
      return kept.advanced(beyond, signal, isOfThisLife ? longestMs : FASTEST_MS);
    },
    wake: alarm.ring,
    trouble: () => {
      const hangs = began !== null && Date.now() - began > LONGEST_LOOK_MS;
      return failing || hangs ? 'the log cannot be read' : kept.trouble();
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      alarm.ring();
      await polling;
    },
  };
}

/** The position before everything that is visible now is not needed: begin at the horizon. */
const headOf = async (log: Log) =>
  (await log.live({ organizationId: null, ownerId: null }, { callIds: [] })).head;

/** Something to wait for that may ring before anybody waits. */
function createAlarm() {
  let rung = false;
  let rouse = () => {};
  return {
    ring: () => {
      rung = true;
      rouse();
    },
    /** Whether it has rung since the last time, or does within so many milliseconds. */
    async within(ms: number): Promise<boolean> {
      const { promise, resolve } = Promise.withResolvers<void>();
      rouse = resolve;
      const timer = setTimeout(resolve, ms);
      if (!rung) await promise;
      clearTimeout(timer);
      const answer = rung;
      rung = false;
      return answer;
    },
  };
}
