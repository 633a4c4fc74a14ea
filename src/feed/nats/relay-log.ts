import { setTimeout as wait } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Alarm } from '../../model/alarm.ts';
import { type Log, type Look, later } from '../log.ts';
import { comparePositions, type Position } from '../position.ts';
import { headOf } from '../tail.ts';
import { openStream } from './stream.ts';
import { bellSubject, type Told } from './told.ts';

const FASTEST_MS = 25;
const SLOWEST_MS = 500;
/** When much is committed, one look sees what came within this time. */
const REST_MS = 4;
/** However little happens, the relay speaks this often. */
const BEAT_MS = 500;

interface Options {
  readonly log: Log;
  readonly connection: NatsConnection;
  readonly alarm: Alarm;
  /** Ends the relaying. */
  readonly signal: AbortSignal;
}

/**
 * Tells the stream the log until the signal, or the end of the database's life. Rejects as soon as it cannot be
 * sure to be the only one. Resolves with what says farewell.
 */
export async function relayLog({ log, connection, alarm, signal }: Options) {
  const here = await headOf(log);
  const { epoch } = here;
  const stream = await openStream(connection, epoch);
  const bell = connection.subscribe(bellSubject(epoch), { callback: alarm.ring });
  // A database that was copied back in time has not come so far yet.
  let at = stream.from && comparePositions(stream.from, here) <= 0 ? stream.from : here;
  let spokeAt = 0;
  const rest = createRest(alarm);
  try {
    while (!signal.aborted) {
      const look = await log.after(at);
      if (look.head.epoch !== epoch || signal.aborted) break;
      const { entries, head } = toldIn(look, at);
      const isBusy = entries.length > 0;
      // What erases is told before the head: whoever relays next and finds no head tells it again.
      if (isBusy) await stream.tell(entries);
      if (isBusy || Date.now() - spokeAt >= BEAT_MS) {
        await stream.tell([head]);
        spokeAt = Date.now();
        at = head.at;
      }
      await rest(isBusy);
    }
  } finally {
    bell.unsubscribe();
  }
  const farewell: Told = {
    after: at,
    at,
    change: null,
    horizon: at.xid,
    blocked: false,
    leaves: true,
  };
  return () => stream.tell([farewell]).catch(() => {});
}

/** Rests from one look to the next, the longer the less comes. */
function createRest(alarm: Alarm) {
  let pause = FASTEST_MS;
  return async (isBusy: boolean) => {
    if (isBusy) await wait(REST_MS);
    pause = isBusy ? FASTEST_MS : Math.min(pause * 2, SLOWEST_MS);
    if (await alarm.within(pause)) pause = FASTEST_MS;
  };
}

/** A look as the relay tells it. What was trimmed away before it was told is left for readers to miss. */
function toldIn({ entries, head, horizon, oldest, blocked }: Look, from: Position) {
  let after = later(from, oldest);
  const rest = { blocked, leaves: false };
  const told: Told[] = [];
  for (const { at, message } of entries) {
    told.push({ after, at, change: message.change, horizon: at.xid, ...rest });
    after = at;
  }
  return { entries: told, head: { after, at: later(after, head), change: null, horizon, ...rest } };
}
