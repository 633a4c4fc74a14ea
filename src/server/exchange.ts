import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { BadRequest } from './bad-request.ts';

/** A request that has come whole. */
export interface Received {
  readonly url: URL;
  readonly body: Buffer<ArrayBuffer>;
}

/** Reads a request whole: a body that never comes to its end reaches nobody. */
export async function receive(
  message: IncomingMessage,
  url: URL,
  mostBytes: number,
): Promise<Received> {
  return { url, body: await bodyOf(message, mostBytes) };
}

/** The same for whoever speaks `fetch`. */
export function toRequest(
  message: IncomingMessage,
  { url, body }: Received,
  signal: AbortSignal,
): Request {
  const method = message.method ?? 'GET';
  const hasBody = body.length > 0 && method !== 'GET' && method !== 'HEAD';
  try {
    return new Request(url, {
      method,
      headers: headersOf(message),
      signal,
      ...(hasBody && { body }),
    });
  } catch (error) {
    throw new BadRequest(400, error instanceof Error ? error.message : 'This is not a request.');
  }
}

function headersOf({ headersDistinct }: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, values] of Object.entries(headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  return headers;
}

function bodyOf(message: IncomingMessage, mostBytes: number): Promise<Buffer<ArrayBuffer>> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer<ArrayBuffer>>();
  const refuse = () => {
    // What is left of it is read and thrown away until the answer is out: else the connection's reset overtakes it.
    message.off('data', take).resume();
    reject(new BadRequest(413, `A body has at most ${mostBytes} bytes.`));
  };
  const chunks: Buffer<ArrayBuffer>[] = [];
  let size = 0;
  const take = (chunk: Buffer<ArrayBuffer>) => {
    size += chunk.length;
    if (size > mostBytes) return refuse();
    chunks.push(chunk);
  };
  if (Number(message.headers['content-length'] ?? 0) > mostBytes) refuse();
  // Events and no iterator, which costs as much as all the rest of a small request.
  else message.on('data', take);
  message.once('end', () => resolve(Buffer.concat(chunks)));
  message.once('error', reject);
  message.once('close', () => {
    if (!message.complete) reject(new BadRequest(400, 'The body did not come to its end.'));
  });
  return promise;
}

/** `content-type` to `Content-Type`: VoipNow's own PHP demo looks for exactly that spelling. */
const canonical = (name: string) =>
  name.replace(/^www(?=-)|(?:^|-)[a-z]/g, (beginning) => beginning.toUpperCase());

const STREAMED = /^(?:text\/(?:event-stream|csv)|multipart\/|application\/x-ndjson)/;

/** An answer that is whole, and good; its headers say how long it is. */
export interface WholeAnswer {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Writes it at once. */
export function sendJson(target: ServerResponse, { body, headers }: WholeAnswer): void {
  target.statusCode = 200;
  for (const [name, value] of Object.entries(headers)) target.setHeader(name, value);
  target.end(body);
}

/** Writes an answer, as fast as the client takes it; while it streams, it can be cut off. */
export async function sendResponse(
  answer: Response,
  target: ServerResponse,
  streams: Set<() => void>,
): Promise<void> {
  target.statusCode = answer.status;
  for (const [name, value] of answer.headers) {
    if (name !== 'set-cookie') target.setHeader(canonical(name), value);
  }
  const cookies = answer.headers.getSetCookie();
  if (cookies.length > 0) target.setHeader('Set-Cookie', cookies);
  if (!STREAMED.test(answer.headers.get('content-type') ?? '')) {
    // Whole and with its length: some old clients do not know of chunks.
    target.end(Buffer.from(await answer.arrayBuffer()));
    return;
  }
  const cut = () => target.destroy();
  streams.add(cut);
  try {
    await stream(answer, target);
  } finally {
    streams.delete(cut);
  }
}

async function stream({ body }: Response, target: ServerResponse) {
  target.flushHeaders();
  for await (const chunk of body ?? []) {
    if (target.destroyed) return;
    if (!target.write(chunk)) await writable(target);
  }
  target.end();
}

/** Waits until the client has taken what was written, or is gone. */
async function writable(target: ServerResponse) {
  const either = new AbortController();
  const { signal } = either;
  try {
    await Promise.race([once(target, 'drain', { signal }), once(target, 'close', { signal })]);
  } finally {
    either.abort();
  }
}
