import type { IncomingMessage, Server } from 'node:http';
import type { Log } from '../observe/log.ts';

/** Connections for those who ask how it is, when all others are in use. */
const SPARE = 50;
const SAY_FULL_EVERY_MS = 10_000;
const OF_OPERATORS = /^\/(?:health|ready|metrics)(?:$|\?)/;

interface Options {
  readonly stopping: AbortSignal;
  /** Open connections. */
  readonly most: number;
  readonly log: Pick<Log, 'warn'>;
}

/**
 * Says why a request is not served, or null: those on connections that were opened when there were enough of them, or
 * while stopping, may only ask how it is. Who is connected before a stop is served on.
 */
export function keepDoor(server: Server, { stopping, most, log }: Options) {
  const refusals = new WeakMap<object, string>();
  let open = 0;
  let saidAt = Number.NEGATIVE_INFINITY;
  const sayFull = () => {
    if (performance.now() - saidAt < SAY_FULL_EVERY_MS) return;
    saidAt = performance.now();
    log.warn({ open }, 'connections are refused: MAX_CONNECTIONS are open');
  };
  server.maxConnections = most + SPARE;
  server.on('connection', (socket) => {
    open += 1;
    socket.once('close', () => {
      open -= 1;
    });
    if (stopping.aborted) refusals.set(socket, 'This process is about to stop.');
    else if (open > most) {
      refusals.set(socket, 'There are too many connections (MAX_CONNECTIONS).');
      sayFull();
    }
  });
  server.on('drop', sayFull);
  // Who is served now shall not ask here again.
  server.prependListener('request', (_message, answer) => {
    if (stopping.aborted) answer.shouldKeepAlive = false;
  });
  return ({ socket, url = '', headers }: IncomingMessage): string | null => {
    // A WebSocket would outlive the stop.
    if (stopping.aborted && headers.upgrade) return 'This process is about to stop.';
    return OF_OPERATORS.test(url) ? null : (refusals.get(socket) ?? null);
  };
}
