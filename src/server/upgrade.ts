import type { IncomingMessage, Server } from 'node:http';
import { WebSocketServer } from 'ws';
import { BadRequest } from './bad-request.ts';
import { GRACE_MS } from './grace.ts';
import { rawAnswer } from './raw-answer.ts';
import { requestIdsOf } from './request-id.ts';
import { LATER, type WebSockets } from './websocket.ts';

const NO_SOCKET = 'There are no WebSockets at this path.';

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
    const bad = refusal ? new BadRequest(503, refusal) : new BadRequest(404, NO_SOCKET);
    const { requestId } = requestIdsOf(request.headers['x-request-id']);
    const headers = refusal ? { 'Retry-After': '1' } : {};
    const answer = rawAnswer(bad, { target: request.url ?? '', requestId, headers });
    // Nobody else looks after it: a client that does not close its side would hold it, and a stop.
    socket.end(answer, () => socket.destroy());
  });
}
