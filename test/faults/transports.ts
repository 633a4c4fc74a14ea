import { request as httpRequest, type IncomingMessage } from 'node:http';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

/** What one message of a subscription carries, or a refusal. */
export interface Result {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly { readonly extensions?: Readonly<Record<string, unknown>> }[];
}

interface Subscription {
  readonly port: number;
  readonly token: string;
  readonly query: string;
  readonly variables: Record<string, unknown>;
  readonly onResult: (result: Result) => void;
}

/** A subscription under way. */
export interface Line {
  pause(): void;
  resume(): void;
  /** Breaks off without a farewell. */
  cut(): void;
  /** Resolves when it is over, with the code of a WebSocket's close if it had one. */
  readonly over: Promise<number | null>;
}

type Transport = (subscription: Subscription) => Line;

/** Every way to follow the feed; subscribers take them by turns. */
export const TRANSPORTS: readonly Transport[] = [overSocket, overEvents];

function overSocket({ port, token, query, variables, onResult }: Subscription): Line {
  const over = Promise.withResolvers<number | null>();
  let socket: WebSocket | undefined;
  const client = createClient({
    url: `ws://127.0.0.1:${port}/graphql`,
    webSocketImpl: class extends WebSocket {
      constructor(url: string, protocol: string) {
        super(url, protocol);
        socket = this;
      }
    },
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
  });
  client.on('closed', (event) => over.resolve((event as { code: number }).code)); // of ws
  client.subscribe<Record<string, unknown>>(
    { query, variables },
    {
      next: (result) => onResult(result as Result), // no incremental delivery
      error: (error) => {
        if (Array.isArray(error)) onResult({ errors: error });
        socket?.terminate();
        over.resolve(null);
      },
      complete: () => {
        socket?.terminate();
        over.resolve(null);
      },
    },
  );
  return {
    pause: () => socket?.pause(),
    resume: () => socket?.resume(),
    cut: () => socket?.terminate(),
    over: over.promise,
  };
}

function overEvents({ port, token, query, variables, onResult }: Subscription): Line {
  const over = Promise.withResolvers<number | null>();
  let response: IncomingMessage | undefined;
  const end = () => over.resolve(null);
  const request = httpRequest({
    ...{ port, host: '127.0.0.1', path: '/graphql', method: 'POST', agent: false },
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      authorization: `Bearer ${token}`,
    },
  });
  request.on('error', end);
  request.on('close', end);
  request.on('response', (given) => {
    response = given;
    const { statusCode = 0 } = given;
    // What is of the server's making may pass.
    const code = statusCode >= 500 ? 'INTERNAL' : `HTTP ${statusCode}`;
    if (statusCode >= 400) onResult({ errors: [{ extensions: { code } }] });
    let rest = '';
    given.setEncoding('utf8');
    given.on('error', end);
    given.on('close', end);
    given.on('data', (chunk: string) => {
      const events = `${rest}${chunk}`.split('\n\n');
      rest = events.pop() ?? '';
      for (const event of events) {
        const [, data] = /^event: next\ndata: (.*)$/s.exec(event) ?? [];
        if (data) onResult(JSON.parse(data) as Result); // what GraphQL over SSE says
      }
    });
  });
  request.end(JSON.stringify({ query, variables }));
  return {
    pause: () => response?.pause(),
    resume: () => response?.resume(),
    cut: () => request.destroy(),
    over: over.promise,
  };
}
