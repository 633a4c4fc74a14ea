import type { Server } from 'node:http';
import type { WebSockets } from './websocket.ts';

/** How long requests under way may take to their end. */
const LONGEST_MS = 4000;

/** Stops without cutting anybody off: no new connections, streams end, what is under way is answered. */
export async function drainServer(
  server: Server,
  sockets: WebSockets,
  stopping: AbortController,
): Promise<void> {
  stopping.abort();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  sockets.drain();
  const overtime = setTimeout(() => {
    server.closeAllConnections();
    sockets.cut();
  }, LONGEST_MS);
  const idle = setInterval(() => server.closeIdleConnections(), 100);
  await closed;
  clearTimeout(overtime);
  clearInterval(idle);
  await sockets.close();
}
