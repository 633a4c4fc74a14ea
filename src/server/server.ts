import type { IncomingMessage } from 'node:http';
import type { ExecutionArgs, GraphQLError } from 'graphql';
import proxyaddr from 'proxy-addr';
import type { Authenticate } from '../auth/authenticate.ts';
import type { PrincipalWatch } from '../auth/watch.ts';
import type { DialectSettings } from '../compat/dialect.ts';
import { shareWith } from '../compat/genesys/origins.ts';
import type { VoipnowSettings } from '../compat/voipnow/settings.ts';
import { schema } from '../graphql/schema.ts';
import type { Log } from '../observe/log.ts';
import type { Tracing } from '../observe/tracing.ts';
import type { Services } from '../operations/context.ts';
import type { SwitchCounts } from '../operations/switch-counts.ts';
import { startAgentWatch } from '../operations/watch-agents.ts';
import type { WebhookCounts } from '../webhooks/webhooks.ts';
import { createAnswer } from './answer.ts';
import { type Contexts, createContexts } from './context.ts';
import { createDocuments } from './documents/documents.ts';
import type { TrustedDocuments } from './documents/trusted.ts';
import { keepDoor } from './door.ts';
import { drainServer } from './drain.ts';
import { createRefusalIn, createToWire } from './errors.ts';
import { createExecutor, createReadyExecutor, type Executor } from './execute.ts';
import { createHandler } from './handler.ts';
import { createHealth } from './health.ts';
import { createHttpServer, listen } from './http-server.ts';
import { createKnownDocuments } from './lane/known-documents.ts';
import { createLane } from './lane/lane.ts';
import { serveDialects } from './legacy.ts';
import { type DocumentLimits, limitPlugins } from './limits.ts';
import { createMetrics } from './metrics.ts';
import { namedUrl } from './named-url.ts';
import { serveNotifications } from './notifications.ts';
import { createOauth } from './oauth/oauth.ts';
import { peerOf } from './peer.ts';
import { createPrices } from './prices.ts';
import { tellRefusedLogIns } from './refused-log-ins.ts';
import { requestIdsOf } from './request-id.ts';
import { limitStreams } from './streams-of-user.ts';
import { createSubscribe } from './subscriptions/subscribe.ts';
import { traceOperations, traceSubscribe } from './trace-operations.ts';
import { traceRequests } from './trace-requests.ts';
import { onUpgrade } from './upgrade.ts';
import { createWebSockets } from './websocket.ts';
import { createGraphql } from './yoga.ts';

export interface ServerOptions {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  readonly services: Services;
  /** What was counted of each switch. */
  readonly counts: ReadonlyMap<string, SwitchCounts>;
  /** What became of requests to receivers. */
  readonly webhooks: WebhookCounts;
  readonly authenticate: Authenticate;
  readonly principals: PrincipalWatch;
  readonly log: Log;
  /** Null or absent where nothing is traced. */
  readonly tracing?: Tracing | null | undefined;
  readonly limits: DocumentLimits & {
    readonly requestsPerMinute: number;
    readonly failuresPerMinute: number;
    readonly connections: number;
    readonly streamsPerUser: number;
    readonly bodyBytes: number;
  };
  readonly voipnow: VoipnowSettings;
  /** When given, no others run for clients. */
  readonly trustedDocuments: TrustedDocuments | null;
  readonly dialects: DialectSettings;
  /** Over how long subscribers are sent away when it stops. */
  readonly drainMs: number;
  /** Networks whose `X-Forwarded-` headers are believed. */
  readonly trustedProxies: readonly string[];
  /** Networks that may read the metrics. */
  readonly metricsNetworks: readonly string[];
  readonly corsOrigins: readonly string[];
  /** The JSON text of the headers that GraphiQL sends from the start. */
  readonly graphiqlHeaders?: string;
  /** Whether everything goes through Yoga, as tests compare it. */
  readonly withoutLane?: boolean;
}

/** A listening server. */
export interface RunningServer extends AsyncDisposable {
  readonly port: number;
}

/** Opens the edge: one HTTP server for GraphQL, the legacy dialects and the operators. */
export async function openServer(options: ServerOptions): Promise<RunningServer> {
  const { services, log, limits, authenticate } = options;
  const principals = limitStreams(options.principals, limits.streamsPerUser);
  const stopping = new AbortController();
  const refusalIn = createRefusalIn(log);
  const toWire = createToWire(refusalIn);
  const { run, runReady } = createExecutors(options);
  const { database } = services;
  const agents = startAgentWatch(database, (error) => void refusalIn(error));
  const contexts = createContexts({
    services: { ...services, agents },
    ...{ authenticate, rateLimit: limits.requestsPerMinute },
    ...{ failureLimit: limits.failuresPerMinute, tellRefused: tellRefusedLogIns(log) },
  });
  const { graphql, documents, lane } = createBothWays(options, { run, runReady, contexts, toWire });
  const notifications = serveNotifications({
    ...{ schema, run, contexts, principals, agents, database, refusalIn },
    stopping: stopping.signal,
    settings: options.dialects,
  });
  const answer = createAnswer({
    health: createHealth(services, () => stopping.signal.aborted),
    metrics: createMetrics({
      ...{ services, counts: options.counts, webhooks: options.webhooks },
      networks: options.metricsNetworks,
      subscribers: () => subscribers.present().length,
      notified: () => notifications.sessions(),
    }),
    ...{ graphql, contexts, principals, refusalIn },
    legacy: [
      notifications.answer,
      createOauth({ database, contexts, refusalIn }),
      ...serveDialects({
        ...{ schema, run, contexts, refusalIn, voipnow: options.voipnow },
        ...{ authenticate, database, answering: notifications.answering },
        settings: options.dialects,
      }),
    ].map((handler) => shareWith(options.dialects.origins, handler)),
  });
  const trust = proxyaddr.compile([...options.trustedProxies]);
  const addressOf = (message: IncomingMessage) => peerOf(message, trust);
  const urlOf = (message: IncomingMessage) => namedUrl(message, trust);
  const mostBytes = limits.bodyBytes;
  const streams = new Set<() => void>();
  const server = createHttpServer();
  const refusalOf = keepDoor(server, { stopping: stopping.signal, most: limits.connections, log });
  const handling = { answer, lane, peerOf: addressOf, urlOf, mostBytes, refusalOf, streams, log };
  server.on('request', traceRequests(createHandler(handling), options.tracing));
  const sockets = createWebSockets({
    ...{ graphql, contexts, documents, principals, toWire, log, mostBytes },
    originOf: (message, signal) => ({
      dialect: 'graphql',
      peer: addressOf(message),
      requestId: requestIdsOf(message.headers['x-request-id']).ownId,
      signal,
    }),
  });
  onUpgrade(server, { sockets, stopping: stopping.signal, refusalOf });
  const port = await listen(server, options);
  const subscribers = {
    present: () => [...sockets.present(), ...streams, ...notifications.present()],
    cut: sockets.cut,
  };
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      await drainServer(server, subscribers, { stopping, windowMs: options.drainMs });
      notifications[Symbol.dispose]();
      await sockets.close();
    },
  };
}

/** For everybody, and for whoever writes what is ready as it is. */
function createExecutors({ tracing }: ServerOptions) {
  const run = createExecutor(schema);
  const runReady = createReadyExecutor(schema, run);
  return { run: traceOperations(run, tracing), runReady: traceOperations(runReady, tracing) };
}

interface Parts {
  readonly run: Executor;
  readonly runReady: Executor;
  readonly contexts: Contexts;
  readonly toWire: (error: unknown) => GraphQLError;
}

/** Yoga, and the short way round it, which learns from it. */
function createBothWays(options: ServerOptions, { run, runReady, contexts, toWire }: Parts) {
  const { limits, corsOrigins, withoutLane = false } = options;
  const graphiqlHeaders = options.graphiqlHeaders ?? '{"Authorization": "Bearer YOUR_TOKEN"}';
  const { plugin: documents, textOf } = createDocuments(options.trustedDocuments);
  const known = createKnownDocuments();
  const prices = createPrices(limits);
  const subscribe = traceSubscribe(createSubscribe(run, toWire), options.tracing);
  const graphql = createGraphql({
    ...{ schema, run, subscribe, documents, known: known.plugin, toWire },
    ...{ corsOrigins, graphiqlHeaders },
    limits: limitPlugins(limits, prices),
  });
  const isAffordable = (args: ExecutionArgs) => prices(args) === null;
  const lane = createLane({
    ...{ schema, run: runReady, contexts, corsOrigins, known, textOf, isAffordable },
  });
  return { graphql, documents, lane: withoutLane ? null : lane };
}
