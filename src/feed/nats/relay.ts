import { addAbortListener } from 'node:events';
import type { NatsConnection } from '@nats-io/transport-node';
import { createAlarm } from '../../model/alarm.ts';
import { type SessionLock, trySessionLock } from '../../store/session-lock.ts';
import type { Log } from '../log.ts';
import type { Link } from './link.ts';
import { relayLog } from './relay-log.ts';
import { isOvertaken } from './stream.ts';

const LOCK = 'feed relay';
const CANDIDATE_MS = 500;
/** A fault is not mended by trying more often. */
const SLOWEST_MS = 5000;
/** A relay that is overtaken so soon after it began, so many times running, is not alone with its log. */
const BRIEF_MS = 5000;
const OFTEN = 4;

/** The relay of the whole fleet, when it happens to be here. */
export interface Relay extends AsyncDisposable {
  /** Wakes it; says false when it is not here. */
  wake(): boolean;
}

interface Options {
  readonly log: Log;
  readonly link: Link;
  /** Of the database, where the lock is. */
  readonly url: string;
  /** Whether a relay is heard: while one is, nobody else tries to be it. */
  readonly isFed: () => boolean;
  readonly onError: (error: unknown) => void;
}

/** Becomes the relay whenever there seems to be none. */
export function startRelay({ log, link, url, isFed, onError }: Options): Relay {
  const stop = new AbortController();
  const alarm = createAlarm();
  let isHere = false;
  let said = '';

  let overtaken = 0;

  /**
   * A fault that comes back with each attempt is said once; that NATS is away, by the feed's detour alone. To be
   * overtaken is no fault while one relay takes over from another: what the other has told is heard by all, and nothing
   * was told twice. Again and again it is: somebody else tells in this stream.
   */
  const report = (error: unknown, lastedMs: number) => {
    if (link.blame(error)) return;
    overtaken = isOvertaken(error) ? (lastedMs < BRIEF_MS ? overtaken + 1 : 1) : 0;
    if (overtaken > 0 && overtaken < OFTEN) return;
    const text = String(error);
    if (text !== said && !stop.signal.aborted) onError(error);
    said = text;
  };

  async function serve(connection: NatsConnection, lock: SessionLock) {
    isHere = true;
    const signal = AbortSignal.any([stop.signal, lock.lost]);
    using _ = addAbortListener(signal, alarm.ring);
    try {
      return await relayLog({ log, connection, alarm, signal });
    } finally {
      isHere = false;
    }
  }

  async function attempt(connection: NatsConnection) {
    const lock = await trySessionLock(url, LOCK);
    if (!lock) return;
    const farewell = await serve(connection, lock).finally(() => lock[Symbol.asyncDispose]());
    said = '';
    // After the lock is free: whoever hears it tries at once to be the next.
    await farewell();
  }

  const standing = (async () => {
    let pause = CANDIDATE_MS;
    while (!stop.signal.aborted) {
      const began = Date.now();
      const connection = isFed() ? null : link.connection();
      try {
        if (connection) await attempt(connection);
        pause = CANDIDATE_MS;
      } catch (error) {
        report(error, Date.now() - began);
        pause = Math.min(pause * 2, SLOWEST_MS);
      }
      if (!stop.signal.aborted) await alarm.within(pause);
    }
  })();

  return {
    wake: () => {
      if (isHere) alarm.ring();
      return isHere;
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      alarm.ring();
      await standing;
    },
  };
}
