import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Log } from '../observe/log.ts';
import type { Answer } from './answer.ts';
import { BadRequest } from './bad-request.ts';
import type { Origin } from './context.ts';
import { type Received, receive, sendJson, sendResponse, toRequest } from './exchange.ts';
import type { Lane } from './lane/lane.ts';
import { requestIds, requestIdsOf } from './request-id.ts';
import { bodyOf } from './words.ts';

interface Options {
  readonly answer: Answer;
  /** The short way for what almost all requests are; null sends all of them the long way. */
  readonly lane: Lane | null;
  readonly peerOf: (message: IncomingMessage) => string;
  /** Throws `BadRequest`. */
  readonly urlOf: (message: IncomingMessage) => URL;
  readonly mostBytes: number;
  /** Why a request is not served, or null. */
  readonly refusalOf: (message: IncomingMessage) => string | null;
  /** How to cut off each answer that streams. */
  readonly streams: Set<() => void>;
  readonly log: Log;
}

/** Makes Node's request listener: reads the request whole, has it answered, and writes the answer. */
export function createHandler(options: Options) {
  const { peerOf, urlOf, mostBytes, refusalOf, log } = options;
  return async (message: IncomingMessage, target: ServerResponse): Promise<void> => {
    const { requestId, ownId } = requestIdsOf(message.headers['x-request-id']);
    const gone = new AbortController();
    let isWhole = false;
    // What has gone out whole has nothing left to be ended, and an abort costs as much as a small query.
    target.on('close', () => isWhole || gone.abort());
    target.setHeader('X-Request-Id', requestId);
    try {
      const refusal = refusalOf(message);
      if (refusal) throw new BadRequest(503, refusal);
      const received = await receive(message, urlOf(message), mostBytes);
      const origin = {
        dialect: 'graphql',
        peer: peerOf(message),
        requestId: ownId,
        signal: gone.signal,
      };
      isWhole = await requestIds.run(requestId, () =>
        respond(options, message, received, origin, target),
      );
    } catch (error) {
      if (!(error instanceof BadRequest) && !target.destroyed) {
        log.error({ err: error, requestId }, 'a request failed at the edge');
      }
      refuse(error, message, target);
    }
  };
}

/** Whether the answer has been handed over whole, and nobody waits for its end. */
async function respond(
  { lane, answer, streams }: Options,
  message: IncomingMessage,
  received: Received,
  origin: Origin,
  target: ServerResponse,
): Promise<boolean> {
  const passed = (await lane?.(message, received, origin)) ?? {};
  if (passed.whole) {
    sendJson(target, passed.whole);
    return true;
  }
  const request = toRequest(message, received, origin.signal);
  const cut = () => target.destroy();
  await sendResponse(await answer(request, { ...passed, origin, cut }), target, streams);
  return false;
}

function refuse(error: unknown, { url = '' }: IncomingMessage, target: ServerResponse) {
  if (target.destroyed || target.headersSent) return target.destroy();
  const bad = error instanceof BadRequest ? error : new BadRequest(500, 'Internal error');
  const [type, body] = bodyOf(url, bad);
  // What is left of a refused body is not read: the connection cannot go on.
  target.writeHead(bad.status, {
    ...{ 'Content-Type': type, Connection: 'close' },
    'Content-Length': Buffer.byteLength(body),
    // Whoever comes while this process stops finds another one, or this one again, soon.
    ...(bad.status === 503 && { 'Retry-After': '1' }),
  });
  return target.end(body);
}
