import { addAbortListener } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type GraphQLError, getOperationAST } from 'graphql';
import { CloseCode, type Context as Connection } from 'graphql-ws';
import { type Extra, useServer } from 'graphql-ws/use/ws';
import type { Plugin } from 'graphql-yoga';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Principal } from '../auth/principal.ts';
import type { PrincipalWatch } from '../auth/watch.ts';
import { credentialsOf } from '../model/credentials.ts';
import { GatewayError } from '../model/errors.ts';
import type { Log } from '../observe/log.ts';
import type { Context } from '../operations/context.ts';
import { refuseBadHandshakes } from './bad-handshakes.ts';
import type { Contexts, Origin } from './context.ts';
import { documentOf } from './documents/documents.ts';
import { withoutStatus } from './errors.ts';
import { ExactSocket } from './exact-socket.ts';
import { GRACE_MS } from './grace.ts';
import { requestIds } from './request-id.ts';
import { createOutbox, type Outbox } from './subscriptions/outbox.ts';
import { type Sink, socketSinks } from './subscriptions/sink.ts';
import type { createGraphql } from './yoga.ts';

type Params = Readonly<Record<string, unknown>> | undefined;

/** What a connection carries from its beginning to its end. */
type Session = {
  /** What the server makes of every connection. */
  socket?: ExactSocket;
  principal?: Principal;
  origin?: Origin;
  /** Aborted when the credentials have ended. */
  ended?: AbortSignal;
  release?: () => void;
  /** Where the results of an operation go, by its id. */
  sinkOf?: (id: string) => Sink;
};

type Ctx = Connection<NonNullable<Params>, Extra & Session>;

interface Options {
  readonly graphql: ReturnType<typeof createGraphql>;
  readonly contexts: Contexts;
  readonly principals: PrincipalWatch;
  /** Finds documents that are named by their hash. */
  readonly documents: Plugin;
  readonly mostBytes: number;
  readonly toWire: (error: unknown) => GraphQLError;
  readonly log: Pick<Log, 'debug'>;
  /** Who a connection is from. */
  readonly originOf: (request: IncomingMessage, signal: AbortSignal) => Origin;
}

/** "Service restart": clients come back by themselves. */
const COME_BACK = 1012;
/** "Try again later": they do so, too, with more and more time between. */
export const LATER = 1013;

/** Subscriptions and other operations under way on one connection. */
const MOST_OPERATIONS = 200;
const TOO_MANY = `A connection has at most ${MOST_OPERATIONS} operations at once.`;
const TOO_LONG = 'The operations under way on this connection have 2 MB of text already.';
/** In the words that requests over HTTP get. */
const UNNAMED = 'Could not determine what operation to execute.';

/** GraphQL over WebSocket, by graphql-ws. */
export interface WebSockets {
  /** Takes over a connection that asks for a WebSocket. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** How to tell each client to come back, here or elsewhere. */
  present(): (() => void)[];
  /** Does not wait any longer for clients that do not answer. */
  cut(): void;
  close(): Promise<void>;
}

export function createWebSockets(options: Options): WebSockets {
  const server = new WebSocketServer<typeof ExactSocket>({
    ...{ noServer: true, maxPayload: options.mostBytes, WebSocket: ExactSocket },
  });
  refuseBadHandshakes(server);
  const outbox = createOutbox();
  const closing = useServer<NonNullable<Params>, Session & Record<PropertyKey, unknown>>(
    {
      onConnect: (ctx) => connect({ ...options, outbox }, ctx),
      onClose: (ctx) => ctx.extra.release?.(),
      onSubscribe: (ctx, id, payload) => subscribe(options, ctx, id, payload),
      // Set by Yoga's pieces, in `subscribe`.
      execute: (args) =>
        requestIds.run((args.contextValue as Context).requestId, () =>
          (args.rootValue as Pieces).execute(args),
        ),
      subscribe: (args) => (args.rootValue as Pieces).subscribe(args),
      // Before the client is told of it.
      onError: ({ extra }, id) => extra.socket.leave(id),
      onComplete: ({ extra }, id) => extra.socket.leave(id),
      // The words of an unexpected error are not for clients.
      isProd: true,
    },
    server,
  );
  return {
    upgrade: (request, socket, head) =>
      server.handleUpgrade(request, socket, head, (ws) => {
        ws.over(socket);
        socket.once('end', () => cutOff(ws));
        server.emit('connection', ws, request);
        hearErrors(ws, options.log);
      }),
    present: () =>
      [...server.clients].map((client) => () => client.close(COME_BACK, 'Service restart')),
    cut: () => {
      for (const client of server.clients) client.terminate();
    },
    close: async () => {
      await closing.dispose();
    },
  };
}

/** What clients do to their sockets, ws closes by itself; graphql-ws would print it as a bug, with its stack. */
function hearErrors(socket: WebSocket, log: Pick<Log, 'debug'>) {
  socket.removeAllListeners('error');
  socket.on('error', (err) => log.debug({ err }, 'a WebSocket has broken, or broke the protocol'));
}

type Enveloped = ReturnType<Options['graphql']['getEnveloped']>;
type Pieces = Pick<Enveloped, 'execute' | 'subscribe'>;

/** Authenticates by `connectionParams.authorization`, or by the header where a client can set one. */
async function connect(
  { contexts, principals, originOf, toWire, outbox }: Options & { readonly outbox: Outbox },
  ctx: Ctx,
): Promise<boolean> {
  const { request, socket } = ctx.extra;
  const gone = new AbortController();
  socket.once('close', () => gone.abort());
  const given = parameterOf(ctx.connectionParams) ?? request.headers.authorization;
  const origin = originOf(request, gone.signal);
  try {
    const { principal } = await contexts.open(credentialsOf(given), origin);
    if (gone.signal.aborted) return false;
    const watched = principals.watch(principal);
    addAbortListener(watched.signal, () => dismiss(socket));
    const { signal: ended, release } = watched;
    const sinkOf = socketSinks({ socket, connection: request.socket, outbox });
    Object.assign(ctx.extra, { principal, origin, ended, release, sinkOf });
    // Nobody asks for them again, however long they are.
    Object.assign(ctx, { connectionParams: undefined });
    return true;
  } catch (error) {
    // False closes with 4403, after which clients ask for a new token.
    if (error instanceof GatewayError && error.code === 'UNAUTHENTICATED') return false;
    socket.close(LATER, toWire(error).message);
    return false;
  }
}

/** Ends a connection whose credentials have ended, whether its client agrees or not. */
function dismiss(socket: WebSocket) {
  socket.close(CloseCode.Forbidden, 'Forbidden');
  cutOff(socket);
}

/** Of one that has ended its side nobody would be asked any more whether it is there, while something waits for it. */
function cutOff(socket: WebSocket) {
  setTimeout(() => socket.terminate(), GRACE_MS).unref();
}

function parameterOf(params: Params): string | undefined {
  const value = params?.['authorization'] ?? params?.['Authorization'];
  return typeof value === 'string' ? value : undefined;
}

interface Payload {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Record<string, unknown> | null | undefined;
  readonly extensions?: Record<string, unknown> | null | undefined;
}

/** Yoga's own parsing, validation, limits and execution, for one operation of a connection. */
async function subscribe(
  { graphql, contexts, documents, toWire }: Options,
  { extra, subscriptions }: Ctx,
  id: string,
  payload: Payload,
) {
  try {
    const { principal, origin, ended, sinkOf, socket } = extra;
    if (!principal || !origin || !sinkOf || ended?.aborted)
      throw new GatewayError('UNAUTHENTICATED');
    if (socket.refuses(id)) throw new GatewayError('RATE_LIMITED', TOO_LONG);
    if (Object.keys(subscriptions).length > MOST_OPERATIONS) {
      throw new GatewayError('RATE_LIMITED', TOO_MANY);
    }
    const contextValue = { ...(await contexts.again(principal, origin)), sink: sinkOf(id) };
    const pieces = graphql.getEnveloped({ open: async () => contextValue });
    const { schema, execute, subscribe: follow, parse, validate } = pieces;
    const { query, extensions } = payload;
    const document = parse(await documentOf(documents, { query, extensions: extensions ?? {} }));
    const errors = validate(schema, document);
    if (errors.length > 0) return errors.map((error: unknown) => withoutStatus(toWire(error)));
    // Some clients send an empty name instead of none.
    const operationName = payload.operationName || null;
    if (!getOperationAST(document, operationName)) throw new GatewayError('BAD_INPUT', UNNAMED);
    return {
      schema,
      document,
      contextValue,
      operationName,
      variableValues: payload.variables,
      rootValue: { execute, subscribe: follow },
    };
  } catch (error) {
    return [withoutStatus(toWire(error))];
  }
}
