import type { FeedTrouble } from './feed.ts';
import type { Found, KeptEnd } from './kept-end.ts';
import type { Log } from './log.ts';
import { inTime } from './patience.ts';

const LONGEST_LOOK_MS = 5000;
/** Few enough to be told while they are young: much of what is larger, V8 collects with the old generation alone. */
const MOST = 250;

/** Reads the log on from where its end is known, one look at a time. */
export interface Looker {
  /** Nothing when the log could not be read. */
  look(): Promise<Found>;
  trouble(): FeedTrouble;
}

/** `onError` sees each look that failed or was given up, but for those after the signal. */
export function createLooker(
  log: Log,
  kept: KeptEnd,
  signal: AbortSignal,
  onError: (error: unknown) => void,
): Looker {
  let failing = false;
  /** When the look under way began; null between looks. */
  let began: number | null = null;
  return {
    async look() {
      began = Date.now();
      try {
        const found = await inTime(log.after(kept.head(), MOST), LONGEST_LOOK_MS, signal);
        failing = false;
        return kept.take(found);
      } catch (error) {
        if (!signal.aborted) onError(error);
        failing = true;
        return { news: 0, hasMore: false, isBlocked: false };
      } finally {
        began = null;
      }
    },
    trouble() {
      const hangs = began !== null && Date.now() - began > LONGEST_LOOK_MS;
      return failing || hangs ? 'the log cannot be read' : null;
    },
  };
}
