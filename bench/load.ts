import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** What requests are made of, and whom to send them to. */
export interface Target {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A request that is more than a body by POST. */
export interface Asked {
  readonly method: string;
  /** With what is asked for in the query. */
  readonly path: string;
  readonly body: string;
  /** What a good answer has in it. */
  readonly expects: string;
}

/** Gives the nth request, or its body where that is all. */
export type RequestOf = (n: number) => string | Asked;

const HEAD_END = Buffer.from('\r\n\r\n');

/** The bytes of a request. */
function requestOf({ url, headers }: Target, asked: string | Asked): string {
  const { host, pathname } = new URL(url);
  const { method, path, body } =
    typeof asked === 'string' ? { method: 'POST', path: pathname, body: asked } : asked;
  const lines = Object.entries({ host, 'content-type': 'application/json', ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  const length = `content-length: ${Buffer.byteLength(body)}\r\n`;
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}${length}\r\n${body}`;
}

/** The body of the answer that the buffer has, when it has all of it. */
function bodyIn(received: Buffer): Buffer | null {
  const end = received.indexOf(HEAD_END);
  if (end < 0) return null;
  const head = received.toString('latin1', 0, end);
  const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? Number.NaN);
  const start = end + HEAD_END.length;
  if (Number.isNaN(length)) throw new Error(`An answer has no length: ${head}`);
  if (received.length < start + length) return null;
  const body = received.subarray(start, start + length);
  if (head.startsWith('HTTP/1.1 200') && body.subarray(0, 12).indexOf('"errors"') < 0) return body;
  throw new Error(`${head.split('\r\n')[0]}: ${body.toString().slice(0, 500)}`);
}

/** One connection that asks one thing after the other: as little of a client as there can be. */
export async function openConnection(target: Target) {
  const socket: Socket = connect(Number(new URL(target.url).port), '127.0.0.1');
  socket.setNoDelay(true);
  await once(socket, 'connect');
  let chunks: Buffer[] = [];
  let waiting: PromiseWithResolvers<Buffer> | undefined;
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    const received = chunks.length === 1 ? chunk : Buffer.concat(chunks);
    chunks = [received];
    try {
      const body = bodyIn(received);
      if (!body) return;
      chunks = [];
      waiting?.resolve(body);
    } catch (error) {
      waiting?.reject(error);
    }
  });
  socket.on('error', (error) => waiting?.reject(error));
  socket.on('close', () => waiting?.reject(new Error('The connection was closed.')));
  return {
    async ask(asked: string | Asked): Promise<Buffer> {
      waiting = Promise.withResolvers();
      socket.write(requestOf(target, asked));
      const body = await waiting.promise;
      if (typeof asked === 'string' || body.includes(asked.expects)) return body;
      throw new Error(`${asked.method} ${asked.path}: ${body.toString().slice(0, 500)}`);
    },
    [Symbol.dispose]: () => {
      socket.destroy();
    },
  };
}

/** What a while of requests took. */
export interface Rate {
  readonly perSecond: number;
  readonly requests: number;
  /** Of each request, in milliseconds. */
  readonly times: readonly number[];
}

let next = 0;

interface While {
  readonly connections: number;
  readonly seconds: number;
  /** No more than so many. */
  readonly most?: number;
  /** What each connection waits after an answer. */
  readonly pauseMs?: number;
}

/** Asks by so many connections at once, for so long. No two rounds ask the same. */
export async function load(
  target: Target,
  nth: RequestOf,
  { connections, seconds, most = Number.POSITIVE_INFINITY, pauseMs = 0 }: While,
): Promise<Rate> {
  const times: number[] = [];
  const opened = await Promise.all(
    Array.from({ length: connections }, () => openConnection(target)),
  );
  const from = performance.now();
  const end = from + seconds * 1000;
  let left = most;
  const lane = async ({ ask }: { ask(asked: string | Asked): Promise<Buffer> }) => {
    for (let now = performance.now(); now < end && left > 0; ) {
      next += 1;
      left -= 1;
      await ask(nth(next));
      const then = performance.now();
      times.push(then - now);
      if (pauseMs > 0) await wait(pauseMs);
      now = performance.now();
    }
  };
  try {
    await Promise.all(opened.map(lane));
  } finally {
    for (const connection of opened) connection[Symbol.dispose]();
  }
  const took = (performance.now() - from) / 1000;
  return { perSecond: times.length / took, requests: times.length, times };
}
