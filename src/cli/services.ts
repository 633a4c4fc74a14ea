import { createAuthenticate } from '../auth/authenticate.ts';
import { createVerifyJwt } from '../auth/jwt.ts';
import { rememberRecent } from '../auth/recent.ts';
import { startPrincipalWatch } from '../auth/watch.ts';
import { type Config, ConfigError, dataDirectory } from '../config.ts';
import type { Feed } from '../feed/feed.ts';
import { openFeed as openFeedOf } from '../feed/open.ts';
import type { SwitchToOpen } from '../fleet/seat.ts';
import { schema } from '../graphql/schema.ts';
import type { Log } from '../observe/log.ts';
import { traceStatements } from '../observe/trace-statements.ts';
import type { Tracing } from '../observe/tracing.ts';
import type { Services } from '../operations/context.ts';
import { startErasing } from '../operations/erasing.ts';
import { openSwitches } from '../operations/open-switches.ts';
import { readTrustedDocuments } from '../server/documents/trusted.ts';
import { openServer } from '../server/server.ts';
import { type Database, openDatabase } from '../store/database.ts';
import { joinEmbedded, openEmbedded } from '../store/embedded.ts';
import { migrate } from '../store/migrate.ts';
import { startVacuuming } from '../store/vacuum.ts';
import { traceSwitches } from './open-traces.ts';
import { openWebhooks, wakingBoth } from './open-webhooks.ts';
import { startUpkeep } from './upkeep.ts';
import { type Background, watchBackground } from './watch-background.ts';
import { watchFeed } from './watch-feed.ts';

const CONNECTIONS = 10;

/** Opens the database that the configuration names, for a server: the embedded one becomes its own. */
export async function openStore(config: Config, tracing: Tracing | null = null): Promise<Database> {
  const { DATABASE_URL: url } = config;
  const watching = tracing ? { around: traceStatements(tracing) } : {};
  return url
    ? openDatabase({ url, connections: CONNECTIONS, serves: true, ...watching })
    : openEmbedded(dataDirectory(config), watching);
}

/** Opens the same database for a command, beside a server that may be running on it. */
export async function joinStore(config: Config): Promise<Database> {
  const { DATABASE_URL: url } = config;
  return url ? openDatabase({ url, connections: 2 }) : joinEmbedded(dataDirectory(config));
}

interface ServeOptions {
  readonly config: Config;
  readonly database: Database;
  readonly switches: readonly SwitchToOpen[];
  readonly log: Log;
  readonly tracing?: Tracing | null;
  readonly graphiqlHeaders?: string;
  /** Whether everything goes through Yoga, as tests compare it. */
  readonly withoutLane?: boolean;
  /** Another feed than that of the configuration. */
  readonly openFeed?: typeof openFeedOf;
}

/** A Tandem at work. */
export interface RunningTandem extends AsyncDisposable {
  readonly port: number;
  /** Resolves when this switch has told for the first time what lives on it. */
  linked(id: string): Promise<void>;
}

/** Puts the parts together, in the order in which they need each other; disposing takes them apart in reverse. */
export async function openTandem(options: ServeOptions): Promise<RunningTandem> {
  const { config, database, log, tracing, openFeed = openFeedOf } = options;
  await using stack = new AsyncDisposableStack();
  await bringUpToDate(config, database);
  const { failuresOf } = stack.use(watchBackground(database, log));
  const { DATABASE_URL: databaseUrl, FEED: natsUrl } = config;
  const webhooks = stack.use(openWebhooks(options, failuresOf('webhooks')));
  const feedAlone = stack.use(
    await openFeed({ database, databaseUrl, natsUrl, onError: failuresOf('feed') }),
  );
  const feed = wakingBoth(feedAlone, webhooks);
  stack.use(watchFeed(feed, log));
  stack.use(startChores(options, feed, failuresOf));
  const switches = stack.use(
    await openSwitches({
      ...{ database, databaseUrl, feed, log, onError: failuresOf('switches') },
      ...{ switches: options.switches, numbers: config.NUMBERS },
      ...{ hasDtmfEvents: config.DTMF_EVENTS, confirmMs: config.HANGUP_CONFIRM_MS },
    }),
  );
  const principals = stack.use(startPrincipalWatch(database, failuresOf('log-ins')));
  const services: Services = {
    database,
    feed,
    switches: tracing ? traceSwitches(switches.all, tracing) : switches.all,
    erasureKey: config.ERASURE_KEY,
    confirmMs: config.HANGUP_CONFIRM_MS,
    refusesPrivateReceivers: !config.WEBHOOKS_ALLOW_PRIVATE,
  };
  const server = stack.use(
    await openServer({
      host: config.HOST,
      port: config.PORT,
      services,
      counts: switches.counts,
      webhooks: webhooks.counts,
      authenticate: rememberRecent(createAuthenticate(database, jwtOf(config))),
      principals,
      log,
      tracing,
      limits: limitsOf(config),
      voipnow: {
        emptyListStatus: config.VOIPNOW_EMPTY_LIST_STATUS === '204' ? 204 : 200,
        badTokenStatus: config.VOIPNOW_BAD_TOKEN_STATUS === '403' ? 403 : 401,
      },
      trustedDocuments: await trustedOf(config),
      dialects: { csrf: config.GWS_CSRF, origins: config.GWS_CORS_ORIGINS },
      drainMs: config.DRAIN_MS,
      trustedProxies: config.TRUSTED_PROXIES,
      metricsNetworks: config.METRICS_NETWORKS,
      corsOrigins: config.CORS_ORIGINS,
      ...(options.withoutLane && { withoutLane: true }),
      ...(options.graphiqlHeaders && { graphiqlHeaders: options.graphiqlHeaders }),
    }),
  );
  const held = stack.move();
  return {
    port: server.port,
    linked: switches.linked,
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

/** What is done by itself, whatever is asked for. */
function startChores(
  { config, database, switches, log }: ServeOptions,
  feed: Feed,
  failuresOf: Background['failuresOf'],
): AsyncDisposable {
  const stack = new AsyncDisposableStack();
  stack.use(
    startUpkeep({
      ...{ database, log, onError: failuresOf('upkeep') },
      connectors: switches.map(({ id }) => id),
      retentionHours: config.FEED_RETENTION_HOURS,
      deliveryHours: config.WEBHOOKS_RETENTION_HOURS,
    }),
  );
  if (database.isEmbedded) stack.use(startVacuuming(database, failuresOf('vacuum')));
  const { NUMBERS: numbers } = config;
  stack.use(startErasing({ database, feed, numbers, onError: failuresOf('erasing') }));
  return stack;
}

const limitsOf = (config: Config) => ({
  depth: config.MAX_DEPTH,
  aliases: config.MAX_ALIASES,
  cost: config.MAX_COST,
  pageSize: config.MAX_PAGE_SIZE,
  requestsPerMinute: config.RATE_LIMIT,
  failuresPerMinute: config.AUTH_FAILURE_LIMIT,
  connections: config.MAX_CONNECTIONS,
  streamsPerUser: config.MAX_STREAMS_PER_USER,
  bodyBytes: config.MAX_BODY_BYTES,
});

/** Another process may be at it, and it may take long: no work for a server's impatient connections. */
async function bringUpToDate({ DATABASE_URL: url }: Config, database: Database): Promise<void> {
  if (!url) return migrate(database);
  await using patient = openDatabase({ url, connections: 2 });
  await migrate(patient);
}

/** Read before anything listens: what cannot be used is a fault of the configuration. */
async function trustedOf({ TRUSTED_DOCUMENTS: directory }: Config) {
  if (!directory) return null;
  return readTrustedDocuments(directory, schema).catch((error: Error) => {
    throw new ConfigError(`TRUSTED_DOCUMENTS cannot be used: ${error.message}`);
  });
}

function jwtOf({ JWT_ISSUER: issuer, JWT_JWKS_URL: jwksUrl, JWT_AUDIENCE: audience }: Config) {
  return issuer && jwksUrl
    ? createVerifyJwt({ issuer, jwksUrl, audience: audience ?? null })
    : null;
}
