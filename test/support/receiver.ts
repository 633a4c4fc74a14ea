import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as a receiver got it. */
export interface Received {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The parameters, from the query or the form. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Answers a request; the status, or what it does with the response itself. */
export type Answering = (received: Received, response: ServerResponse) => number | undefined;

export interface Receiver extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly received: readonly Received[];
  /** Answers from now on. */
  answer: Answering;
  /** Resolves when this many requests have come. */
  came(count: number): Promise<readonly Received[]>;
}

/** A receiver of webhooks on a port of its own. */
export async function startReceiver(answer: Answering = () => 200): Promise<Receiver> {
  const received: Received[] = [];
  const waiting = new Set<() => void>();
  const server = createServer(async (request, response) => {
    const one = await read(request);
    received.push(one);
    const status = receiver.answer(one, response);
    if (status !== undefined) response.writeHead(status).end();
    for (const look of waiting) look();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // it listens on TCP
  const receiver: Receiver = {
    ...{ url: `http://127.0.0.1:${port}/hook`, port, received, answer },
    came(count) {
      const { promise, resolve } = Promise.withResolvers<readonly Received[]>();
      const look = () => received.length >= count && resolve(received);
      waiting.add(look);
      look();
      return promise.finally(() => waiting.delete(look));
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return receiver;
}

async function read(request: IncomingMessage): Promise<Received> {
  const body = (await Array.fromAsync(request)).join('');
  const { searchParams } = new URL(request.url ?? '/', 'http://receiver');
  const form = request.method === 'POST' ? new URLSearchParams(body) : searchParams;
  return {
    id: String(request.headers['webhook-id'] ?? ''),
    ...{ method: request.method ?? '', path: request.url ?? '', body },
    headers: request.headers as Record<string, string>, // none of ours comes twice
    parameters: Object.fromEntries(form),
  };
}
