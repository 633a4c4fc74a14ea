import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import proxyaddr from 'proxy-addr';
import { v7 as uuidv7 } from 'uuid';
import type { Authenticate } from '../auth/authenticate.ts';
import type { TokenWatch } from '../auth/watch.ts';
import { dialects } from '../compat/dialects.ts';
import { serve } from '../compat/serve.ts';
import { schema } from '../graphql/schema.ts';
import { credentialsOf } from '../model/credentials.ts';
import type { Log } from '../observe/log.ts';
import type { Services } from '../operations/context.ts';
import { createContexts, type Origin } from './context.ts';
import { drainServer } from './drain.ts';
import { createToWire } from './errors.ts';
import { BadRequest, sendResponse, toRequest } from './exchange.ts';
import { createExecutor, executeAs } from './execute.ts';
import { createHealth } from './health.ts';
import type { DocumentLimits } from './limits.ts';
import { createWebSockets, onUpgrade } from './websocket.ts';
import { createGraphql } from './yoga.ts';

export interface ServerOptions {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  readonly services: Services;
  readonly authenticate: Authenticate;
  readonly tokens: TokenWatch;
  readonly log: Log;
  readonly limits: DocumentLimits & {
    readonly requestsPerMinute: number;
    readonly failuresPerMinute: number;
    readonly connections: number;
    readonly bodyBytes: number;
  };
  readonly trustedProxies: readonly string[];
  readonly corsOrigins: readonly string[];
  /** The JSON text of the headers that GraphiQL sends from the start. */
  readonly graphiqlHeaders?: string;
}

/** A listening server. */
export interface RunningServer extends AsyncDisposable {
  readonly port: number;
}

/** Opens the edge: one HTTP server for GraphQL, the legacy dialects and the operators. */
export async function openServer(options: ServerOptions): Promise<RunningServer> {
  const { services, log, limits, tokens } = options;
  const stopping = new AbortController();
  const toWire = createToWire(log);
  const run = createExecutor(schema);
  const contexts = createContexts({
    services,
    authenticate: options.authenticate,
    rateLimit: limits.requestsPerMinute,
    failureLimit: limits.failuresPerMinute,
  });
  const graphql = createGraphql({
    schema,
    run,
    limits,
    toWire,
    corsOrigins: options.corsOrigins,
    graphiqlHeaders: options.graphiqlHeaders ?? '{"Authorization": "Bearer YOUR_TOKEN"}',
  });
  const health = createHealth(services, () => stopping.signal.aborted);
  const trust = proxyaddr.compile([...options.trustedProxies]);
  const peerOf = (message: IncomingMessage) => proxyaddr(message, trust);
  const legacy = dialects.map((dialect) =>
    serve(
      dialect,
      async (credentials, from) => executeAs(schema, run, await contexts.open(credentials, from)),
      (error) => log.error({ err: error, dialect: dialect.name }, 'a bug: this error should not have left an operation'),
    ),
  );

  async function answer(request: Request, origin: Origin): Promise<Response> {
    const { pathname } = new URL(request.url);
    const healthy = await health(pathname);
    if (healthy) return healthy;
    if (pathname === '/graphql') return answerGraphql(request, origin);
    for (const dialect of legacy) {
      const answered = await dialect(request, origin);
      if (answered) return answered;
    }
    if (pathname === '/') return Response.json({ name: 'Tandem', graphql: '/graphql', health: '/health', ready: '/ready' });
    return Response.json({ error: 'There is nothing at this path.' }, { status: 404 });
  }

  async function answerGraphql(request: Request, origin: Origin): Promise<Response> {
    const open = async () => {
      const context = await contexts.open(credentialsOf(request.headers.get('authorization')), origin);
      if (!request.headers.get('accept')?.includes('text/event-stream')) return context;
      // A stream outlives its request: it ends with its token.
      const watched = tokens.watch(context.principal);
      origin.signal.addEventListener('abort', watched.release, { once: true });
      return { ...context, signal: AbortSignal.any([context.signal, watched.signal]) };
    };
    return graphql.fetch(request, { open });
  }

  async function handle(message: IncomingMessage, target: ServerResponse) {
    const given = String(message.headers['x-request-id'] ?? '');
    const requestId = /^[\w.-]{1,64}$/.test(given) ? given : uuidv7();
    const gone = new AbortController();
    const signal = AbortSignal.any([gone.signal, stopping.signal]);
    target.on('close', () => gone.abort());
    target.setHeader('X-Request-Id', requestId);
    try {
      const request = await toRequest(message, { mostBytes: limits.bodyBytes, signal: gone.signal });
      const origin = { dialect: 'graphql', peer: peerOf(message), requestId, signal };
      await sendResponse(await answer(request, origin), target);
    } catch (error) {
      refuse(error, target, requestId);
    }
  }

  function refuse(error: unknown, target: ServerResponse, requestId: string) {
    if (target.destroyed || target.headersSent) return target.destroy();
    const status = error instanceof BadRequest ? error.status : 500;
    if (status === 500) log.error({ err: error, requestId }, 'a request failed at the edge');
    // What is left of a refused body is not read: the connection cannot go on.
    target.writeHead(status, { 'Content-Type': 'application/json', Connection: 'close' });
    return target.end(JSON.stringify({ error: error instanceof BadRequest ? error.message : 'Internal error' }));
  }

  const server = createServer({ requestTimeout: 30_000, headersTimeout: 20_000 }, handle);
  server.maxConnections = limits.connections;
  server.on('drop', () => log.warn('a connection was refused: MAX_CONNECTIONS are open'));
  const sockets = createWebSockets({
    graphql,
    contexts,
    tokens,
    toWire,
    mostBytes: limits.bodyBytes,
    originOf: (message, signal) => ({ dialect: 'graphql', peer: peerOf(message), requestId: uuidv7(), signal }),
  });
  onUpgrade(server, sockets, () => !stopping.signal.aborted);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port, // listening on TCP, so it is no pipe
    [Symbol.asyncDispose]: () => drainServer(server, sockets, stopping),
  };
}
