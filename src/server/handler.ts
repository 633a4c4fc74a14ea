import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Log } from '../observe/log.ts';
import type { Answer } from './answer.ts';
import { BadRequest, sendResponse, toRequest } from './exchange.ts';
import { requestIdOf, requestIds } from './request-id.ts';

interface Options {
  readonly answer: Answer;
  readonly peerOf: (message: IncomingMessage) => string;
  readonly mostBytes: number;
  /** Why a request is not served, or null. */
  readonly refusalOf: (message: IncomingMessage) => string | null;
  /** How to cut off each answer that streams. */
  readonly streams: Set<() => void>;
  readonly log: Log;
}

/** Makes Node's request listener: reads the request whole, has it answered, and writes the answer. */
export function createHandler({ answer, peerOf, mostBytes, refusalOf, streams, log }: Options) {
  return async (message: IncomingMessage, target: ServerResponse): Promise<void> => {
    const requestId = requestIdOf(message.headers['x-request-id']);
    const gone = new AbortController();
    target.on('close', () => gone.abort());
    const cut = () => target.destroy();
    target.setHeader('X-Request-Id', requestId);
    try {
      const refusal = refusalOf(message);
      if (refusal) throw new BadRequest(503, refusal);
      const { signal } = gone;
      const request = await toRequest(message, { mostBytes, signal });
      const origin = { dialect: 'graphql', peer: peerOf(message), requestId, signal };
      const response = await requestIds.run(requestId, () => answer(request, origin, cut));
      await sendResponse(response, target, streams);
    } catch (error) {
      if (!(error instanceof BadRequest) && !target.destroyed) {
        log.error({ err: error, requestId }, 'a request failed at the edge');
      }
      refuse(error, message, target);
    }
  };
}

function refuse(error: unknown, { url = '' }: IncomingMessage, target: ServerResponse) {
  if (target.destroyed || target.headersSent) return target.destroy();
  const bad = error instanceof BadRequest ? error : new BadRequest(500, 'Internal error');
  // What is left of a refused body is not read: the connection cannot go on.
  target.writeHead(bad.status, {
    ...{ 'Content-Type': 'application/json', Connection: 'close' },
    // Whoever comes while this process stops finds another one, or this one again, soon.
    ...(bad.status === 503 && { 'Retry-After': '1' }),
  });
  const isGraphql = /^\/graphql(?:$|[?#])/.test(url);
  return target.end(JSON.stringify(isGraphql ? inGraphql(bad) : { error: bad.message }));
}

const inGraphql = ({ status, message }: BadRequest) => ({
  errors: [{ message, extensions: { code: status >= 500 ? 'INTERNAL' : 'BAD_INPUT' } }],
});
