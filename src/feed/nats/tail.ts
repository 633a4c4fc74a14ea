import { createAlarm } from '../../model/alarm.ts';
import type { FeedTrouble } from '../feed.ts';
import { readEnd } from '../kept-end.ts';
import type { Log } from '../log.ts';
import { createLooker } from '../looker.ts';
import type { Tail } from '../tail.ts';
import type { Link } from './link.ts';
import { startListening } from './listener.ts';
import { createPending } from './pending.ts';

/** A relay speaks at least twice in this time; when none does, the log is read instead. */
const SILENCE_MS = 1500;
/** How often, then. */
const FALLBACK_MS = 500;
const SOON_MS = 25;
/** A silence that an operator should know of. */
const LONG_SILENCE_MS = 5000;

export interface NatsTail extends Tail {
  /** Whether a relay is heard. */
  isFed(): boolean;
}

interface Options {
  readonly log: Log;
  readonly link: Link;
  readonly onError: (error: unknown) => void;
}

/**
 * The end of the log as the relay tells it. Whatever is missing in that, for whatever reason, is read from the log:
 * at the start, after a break, and on while no relay is heard.
 */
export async function startNatsTail({ log, link, onError }: Options): Promise<NatsTail> {
  const kept = await readEnd(log);
  const alarm = createAlarm();
  const stop = new AbortController();
  const looker = createLooker(log, kept, stop.signal, onError);
  const pending = createPending();
  let heardAt = 0;
  let isWoken = false;
  const isFed = () => Date.now() - heardAt < SILENCE_MS;
  const silence = createSilence(link);

  const listening = startListening({
    ...{ link, onError },
    epoch: () => kept.head().epoch,
    onTold: (told) => {
      heardAt = told.leaves ? 0 : Date.now();
      pending.add(told);
      alarm.ring();
    },
  });

  const takeTold = () => {
    const told = pending.continuing(kept.head());
    if (told) kept.take(told);
  };

  async function readOn() {
    isWoken = false;
    let found = await looker.look();
    while (found.hasMore && !stop.signal.aborted) found = await looker.look();
    pending.keepOnly(kept.head().epoch);
    takeTold();
    return found.news > 0 || found.isBlocked;
  }

  const keeping = (async () => {
    while (!stop.signal.aborted) {
      takeTold();
      const isMissing = pending.hasMore() || isWoken || !isFed();
      const hasMore = isMissing && (await readOn());
      silence.hear(isFed());
      await alarm.within(hasMore ? SOON_MS : FALLBACK_MS);
    }
  })();

  const wake = () => {
    isWoken = true;
    alarm.ring();
  };

  return {
    head: kept.head,
    horizon: kept.horizon,
    since: kept.since,
    advanced: (beyond, signal, longestMs) => {
      const isOfThisLife = beyond.epoch === kept.head().epoch;
      if (!isOfThisLife) wake();
      return kept.advanced(beyond, signal, isOfThisLife ? longestMs : SOON_MS);
    },
    wake,
    isCurrent: () => isFed() || looker.trouble() === null,
    detour: silence.detour,
    trouble: () => (isFed() ? null : looker.trouble()) ?? kept.trouble(),
    isFed,
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      alarm.ring();
      await keeping;
      await listening[Symbol.asyncDispose]();
    },
  };
}

/** Knows for how long no relay has been heard, and says so with the cause when it is long. */
function createSilence(link: Link) {
  let since: number | null = null;
  const cause = () =>
    link.lastError() ?? (link.connection() ? 'no relay is heard' : 'the connection is gone');
  return {
    hear(isFed: boolean) {
      since = isFed ? null : (since ?? Date.now());
    },
    detour: (): FeedTrouble =>
      since !== null && Date.now() - since > LONG_SILENCE_MS
        ? `NATS brings no changes, they are read from Postgres: ${cause()}`
        : null,
  };
}
