import type { IncomingMessage, Server } from 'node:http';
import { WebSocketServer } from 'ws';
import { GRACE_MS } from './grace.ts';
import { LATER, type WebSockets } from './websocket.ts';

interface Options {
  readonly sockets: WebSockets;
  readonly stopping: AbortSignal;
  /** Why a connection is not served, or null. */
  readonly refusalOf: (request: IncomingMessage) => string | null;
}

/** A server's upgrade requests for `/graphql`. */
export function onUpgrade(server: Server, { sockets, stopping, refusalOf }: Options) {
  const refusing = new WebSocketServer({ noServer: true, clientTracking: false, maxPayload: 1 });
  server.on('upgrade', (request, socket, head) => {
    const path = request.url?.split('?')[0];
    socket.on('error', () => socket.destroy());
    const refusal = path === '/graphql' ? refusalOf(request) : null;
    if (path === '/graphql' && !refusal) return sockets.upgrade(request, socket, head);
    if (refusal && !stopping.aborted) {
      // Of an answer by HTTP clients see nothing but that the socket did not open.
      return refusing.handleUpgrade(request, socket, head, (ws) => {
        ws.on('error', () => {});
        ws.close(LATER, refusal);
        setTimeout(() => ws.terminate(), GRACE_MS).unref();
      });
    }
    const status = refusal ? '503 Service Unavailable' : '404 Not Found';
    const answer = `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;
    // Nobody else looks after it: a client that does not close its side would hold it, and a stop.
    socket.end(answer, () => socket.destroy());
  });
}
