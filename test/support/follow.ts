import { type Client, createClient, type ExecutionResult, type SubscribePayload } from 'graphql-ws';
import WebSocket from 'ws';
import { bearer, type WireError } from './ask.ts';
import type { TestTandem } from './tandem.ts';

type Where = Pick<TestTandem, 'url'>;
type Result = ExecutionResult<Record<string, unknown>>;

interface Options {
  readonly as?: 'alice' | 'olivia' | 'admin' | 'bob';
  readonly variables?: Record<string, unknown>;
  readonly extensions?: Record<string, unknown>;
  /** Instead of those of the user. */
  readonly params?: Record<string, unknown>;
}

/** How a socket ended. */
export interface Close {
  readonly code: number;
  readonly reason: string;
}

/** An operation over a WebSocket, result by result. */
export interface Stream extends AsyncDisposable {
  /** The data of the next result; throws what the stream was refused or closed with. */
  next(): Promise<Record<string, unknown>>;
  /** Awaits a refusal: of the operation, or in its first result. */
  errors(): Promise<readonly WireError[]>;
  /** Awaits the end of the connection. */
  closed(): Promise<Close>;
  /** The same operation once more, on the same connection. */
  again(): Stream;
}

export const socketUrl = ({ url }: Where) => `${url.replace('http', 'ws')}/graphql`;

/** Sends an operation over graphql-ws; disposing ends the connection. */
export function follow(where: Where, query: string, options: Options = {}): Stream {
  const { as = 'alice', params = bearer(as) } = options;
  const client = createClient({
    url: socketUrl(where),
    webSocketImpl: WebSocket,
    connectionParams: params,
    retryAttempts: 0,
    lazy: false,
    onNonLazyError: () => {},
  });
  const closed = new Promise<Close>((resolve) => {
    client.on('closed', (event) => resolve(event as Close)); // ws gives no other event
  });
  return streamOf(client, closed, query, options);
}

function streamOf(client: Client, closed: Promise<Close>, query: string, options: Options): Stream {
  const { variables = {}, extensions = {} } = options;
  const results = resultsOf(client, { query, variables, extensions });
  const nextResult = async () => {
    const { value, done } = await results.read();
    if (done) throw new Error('The stream has ended.');
    return value();
  };
  return {
    next: async () => {
      const { data, errors } = await nextResult();
      if (!data || errors) throw new Error(`Refused: ${JSON.stringify(errors)}`);
      return data;
    },
    errors: async () => {
      const refused = await nextResult().catch((error: unknown) => error);
      if (Array.isArray(refused)) return refused as WireError[]; // what the client throws for `error`
      return ((refused as Result).errors ?? []) as readonly WireError[];
    },
    closed: () => closed,
    again: () => streamOf(client, closed, query, options),
    [Symbol.asyncDispose]: async () => {
      await client.dispose();
      await closed;
    },
  };
}

/** The client's own `iterate` never wakes for an error that comes before anybody asks. */
function resultsOf(client: Client, operation: SubscribePayload) {
  const results = new ReadableStream<() => Result>({
    start: (queue) => {
      client.subscribe<Record<string, unknown>>(operation, {
        next: (value) => queue.enqueue(() => value as Result), // no incremental delivery
        error: (error) =>
          queue.enqueue(() => {
            throw error;
          }),
        complete: () => queue.close(),
      });
    },
  });
  return results.getReader();
}

/** Opens a socket with these parameters, sends these texts besides, and gives how the server closed it. */
export async function closeOf(
  where: Where,
  params: object | undefined,
  texts: readonly string[] = [],
): Promise<Close> {
  const socket = new WebSocket(socketUrl(where), 'graphql-transport-ws');
  const init = JSON.stringify({ type: 'connection_init', payload: params });
  socket.on('open', () => {
    for (const text of [init, ...texts]) socket.send(text);
  });
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
  });
}
