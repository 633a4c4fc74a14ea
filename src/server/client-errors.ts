import type { Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { BadRequest } from './bad-request.ts';
import { rawAnswer } from './raw-answer.ts';
import { requestIdsOf } from './request-id.ts';

/** What Node says of bytes that are no request, or too many for one. */
interface ClientError extends Error {
  readonly code?: string;
  /** What has come last; it begins with the request line when all came at once. */
  readonly rawPacket?: Buffer;
}

const REFUSALS: Readonly<Record<string, readonly [status: number, message: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'The URL and the headers together are too long.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'The extensions of a chunk are too long.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request did not come to its end in time.'],
};
const NO_PROXY = 'CONNECT is for proxies, and this is none.';
const MALFORMED = [400, 'This is no well-formed HTTP request.'] as const;

/** How long what still comes is read after an answer: a reset would overtake it. */
const LINGER_MS = 1000;

/** Answers what never becomes a request, where Node would say its status and nothing more. */
export function hearClientErrors(server: Server): void {
  const asked = new WeakMap<Duplex, Asked>();
  const refused = new WeakSet<Duplex>();
  server.prependListener('request', (message, target) => {
    const before = asked.get(message.socket)?.latest;
    asked.set(message.socket, { latest: target, before: before && isOut(before) ? null : before });
  });
  server.on('clientError', (error: ClientError, socket) => {
    if (refused.has(socket)) return;
    if (!isOfBytes(error) || !socket.writable) {
      socket.destroy(error);
      return;
    }
    refused.add(socket);
    const { latest, before } = asked.get(socket) ?? {};
    const isBegun = latest && !latest.req.complete && !latest.headersSent;
    // Else what has come last may begin with a request that was whole.
    const isAlone = !latest || isOut(latest);
    const answer = answerTo(error, isBegun ? latest : undefined, isAlone);
    endAfter(isBegun ? before : latest, socket, answer);
  });
  // Node would close the connection.
  server.on('connect', ({ url: target = '', headers }, socket) => {
    const { requestId } = requestIdsOf(headers['x-request-id']);
    const answer = rawAnswer(new BadRequest(501, NO_PROXY), { target, requestId });
    endAfter(asked.get(socket)?.latest, socket, answer);
  });
  // One that nobody knows may be passed over (RFC 9110, 10.1.1); Node would say 417 and nothing more.
  server.on('checkExpectation', (message, target) => server.emit('request', message, target));
}

/** What was asked for on a connection, of which answers go out in the order of the requests. */
interface Asked {
  readonly latest: ServerResponse;
  /** The one before, if it was not out by then. */
  readonly before: ServerResponse | null | undefined;
}

const isOut = (target: ServerResponse) => target.writableFinished || target.destroyed;

/** What came whole is carried out, so it is answered first. */
function endAfter(target: ServerResponse | null | undefined, socket: Duplex, answer: string) {
  socket.on('error', () => socket.destroy());
  const end = () => {
    if (!socket.writable) return;
    socket.end(answer);
    setTimeout(() => socket.destroy(), LINGER_MS).unref();
  };
  if (!target || isOut(target)) end();
  else target.once('close', end);
}

const isOfBytes = ({ code = '' }: ClientError) => code.startsWith('HPE_') || code in REFUSALS;

/**
 * @param begun the answer to the request whose body is malformed, if it is that
 * @param isAlone whether nothing else is asked for by what has come last
 */
function answerTo(
  { code = '', rawPacket }: ClientError,
  begun: ServerResponse | undefined,
  isAlone: boolean,
) {
  const [status, message] = REFUSALS[code] ?? MALFORMED;
  const sent = rawPacket?.toString('latin1', 0, 512) ?? '';
  const target = begun?.req.url ?? /^[A-Z]+ (\S+)/.exec(sent)?.[1] ?? '';
  const given = begun?.getHeader('x-request-id');
  const { requestId } = requestIdsOf(typeof given === 'string' ? given : undefined);
  const isHead = begun ? begun.req.method === 'HEAD' : isAlone && sent.startsWith('HEAD ');
  return rawAnswer(new BadRequest(status, message), { target, requestId, isHead });
}
