import { STATUS_CODES } from 'node:http';
import type { BadRequest } from './bad-request.ts';
import { bodyOf } from './words.ts';

interface Asked {
  /** What is known of the request's target; empty where nothing is. */
  readonly target: string;
  readonly requestId: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether it was asked for by HEAD, whose answer has no body. */
  readonly isHead?: boolean;
}

/** The bytes of a refusal, where Node has no response to write them to; the connection ends with it. */
export function rawAnswer(
  bad: BadRequest,
  { target, requestId, headers = {}, isHead = false }: Asked,
): string {
  const [type, body] = bodyOf(target, bad);
  const all = {
    'Content-Type': type,
    'Content-Length': String(Buffer.byteLength(body)),
    'X-Request-Id': requestId,
    Connection: 'close',
    ...headers,
  };
  const head = [
    `HTTP/1.1 ${bad.status} ${STATUS_CODES[bad.status] ?? ''}`,
    ...Object.entries(all).map(([name, value]) => `${name}: ${value}`),
  ];
  return `${head.join('\r\n')}\r\n\r\n${isHead ? '' : body}`;
}
