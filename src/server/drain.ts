import type { Server } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

const LOOK_MS = 100;
/** How long requests under way may take to their end. */
const LONGEST_MS = 4000;

/** What outlives requests: it has to be sent away. */
export interface Subscribers {
  /** How to tell each one to come back, here or elsewhere. */
  present(): readonly (() => void)[];
  /** Does not wait any longer for those who do not go. */
  cut(): void;
}

/**
 * Stops without cutting anybody off: health says so at once, new requests are refused, subscribers are sent away
 * one by one at random over a window, so that they do not all come back at the same time, and what is under way
 * is answered.
 */
export async function drainServer(
  server: Server,
  subscribers: Subscribers,
  { stopping, windowMs }: { stopping: AbortController; windowMs: number },
): Promise<void> {
  stopping.abort();
  await sendAway(subscribers, windowMs);
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const overtime = setTimeout(() => {
    server.closeAllConnections();
    subscribers.cut();
  }, LONGEST_MS);
  const idle = setInterval(() => server.closeIdleConnections(), LOOK_MS);
  await closed;
  clearTimeout(overtime);
  clearInterval(idle);
}

async function sendAway({ present }: Subscribers, windowMs: number) {
  const from = Date.now();
  const timers = present().map((leave) => setTimeout(leave, Math.random() * windowMs));
  while (present().length > 0 && Date.now() - from < windowMs) await wait(LOOK_MS);
  // Whoever came just before the stop, and had not subscribed yet.
  for (const leave of present()) leave();
  for (const timer of timers) clearTimeout(timer);
}
