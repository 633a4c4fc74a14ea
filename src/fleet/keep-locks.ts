import { addAbortListener } from 'node:events';
import { unlessAborted } from '../connectors/waiting.ts';
import type { Alarm } from '../model/alarm.ts';
import { openLockSession } from '../store/session-lock.ts';
import { beat, type Sighting } from './beat.ts';
import { createLease, type Lease } from './lease.ts';

const BEAT_MS = 1000;

/**
 * Postgres ends the session of a process that does not beat, and of a machine that is not there: later than the
 * process itself gives its lease up.
 */
const SESSION = {
  idle_session_timeout: 4000,
  tcp_keepalives_idle: 2,
  tcp_keepalives_interval: 1,
  tcp_keepalives_count: 2,
};

interface Options {
  readonly url: string;
  readonly connectors: readonly string[];
  /** The switches whose locks this session has. */
  readonly held: ReadonlyMap<string, unknown>;
  /** Brings the next beat forward. */
  readonly alarm: Alarm;
  readonly stop: AbortSignal;
  /** What each beat has seen. */
  readonly onSighting: (sighting: Sighting, lease: Lease) => void;
  /** The lease has ended: what was done under the locks is left off before they are given back. */
  readonly onEnd: () => Promise<void>;
}

/** Takes the locks that nobody has and keeps them, on a session of their own. Rejects with what ended it. */
export async function keepLocks(options: Options): Promise<never> {
  const { url, connectors, held, alarm, stop, onSighting, onEnd } = options;
  await using session = openLockSession(url, 'switches', SESSION);
  const lease = createLease();
  using _stop = addAbortListener(stop, () => lease.end('This process stops.'));
  addAbortListener(session.lost, () =>
    lease.end('The connection that has the locks of the switches is gone.'),
  );
  addAbortListener(lease.over, alarm.ring);
  try {
    for (;;) {
      const sentAt = performance.now();
      const asked = beat(session, connectors, new Set(held.keys()));
      const sightings = await unlessAborted(lease.over, asked);
      lease.renew(sentAt);
      for (const sighting of sightings) onSighting(sighting, lease);
      await alarm.within(BEAT_MS);
      lease.over.throwIfAborted();
    }
  } finally {
    lease.end('The locks of the switches are given up.');
    await onEnd();
  }
}
