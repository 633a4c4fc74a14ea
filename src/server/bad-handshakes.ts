import type { WebSocketServer } from 'ws';
import { BadRequest } from './bad-request.ts';
import { rawAnswer } from './raw-answer.ts';
import { requestIdsOf } from './request-id.ts';

/** As ws itself says it (RFC 6455, 4.4). */
const VERSIONS = { 'Sec-WebSocket-Version': '13, 8' };

/** Refuses handshakes that are none in the words of all refusals; ws would send a page of HTML. */
export const refuseBadHandshakes = (server: WebSocketServer) =>
  server.on('wsClientError', ({ message }, socket, { url: target = '', headers }) => {
    const { requestId } = requestIdsOf(headers['x-request-id']);
    const answer = rawAnswer(new BadRequest(400, message), {
      ...{ target, requestId },
      headers: VERSIONS,
    });
    socket.end(answer, () => socket.destroy());
  });
