import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import proxyaddr from 'proxy-addr';
import { z } from 'zod';
import { connectors, list, numbers } from './config-switches.ts';
import { isNetwork } from './model/network.ts';
import { SAMPLERS } from './observe/tracing.ts';

/** Everything that the environment can say, checked. */
export type Config = z.infer<typeof SETTINGS>;

/** The environment is wrong; the message names every fault. */
export class ConfigError extends Error {}

const count = (standard: number, { least = 1, most = 1e9 } = {}) =>
  z
    .string()
    .regex(/^\d+$/, 'takes a whole number')
    .transform(Number)
    .pipe(z.number().min(least, `takes at least ${least}`).max(most, `takes at most ${most}`))
    .default(standard);

/** The first of two HTTP statuses, unless the environment names the other. */
const status = <const A extends string, const B extends string>(standard: A, other: B) =>
  z.enum([standard, other], { error: `takes ${standard} or ${other}` }).default(standard as never); // A is one of both

const postgresUrl = z
  .string()
  .refine(
    (text) => /^postgres(ql)?:\/\//.test(text) && URL.canParse(text),
    'takes a URL such as postgres://user@host/database',
  )
  // The driver would take a part of the password for the host, and name it when there is none.
  .refine(
    (text) => !/^[^:]+:\/\/[^/?#]*@[^/?#]*@/.test(text),
    'has an @ in its user or password: write it as %40',
  );

const natsUrl = z
  .string()
  .refine(
    (text) => URL.canParse(text) && /^(nats|tls):\/\/([^@/]+@)?[^@/]+\/?$/.test(text),
    'takes a URL such as nats://user:password@host:4222',
  );

const httpUrl = z
  .string()
  .refine(
    (text) => /^https?:\/\//.test(text) && URL.canParse(text),
    'takes a URL such as http://collector:4318',
  );

/** `proxy-addr` takes fewer ranges than there are: whole families of addresses are nobody's proxies. */
function isProxyRange(range: string): boolean {
  try {
    return isNetwork(range) && proxyaddr.compile([range]) instanceof Function;
  } catch {
    return false;
  }
}

/** As browsers write them: no path, no default port. */
const isOrigin = (text: string) =>
  /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;

/** Nothing is found below a file. */
const isDirectory = (path: string) => existsSync(`${path}/.`);

const SETTINGS = z
  .object({
    /** An external PostgreSQL 15 or newer; absent means the embedded one. */
    DATABASE_URL: postgresUrl.optional(),
    /** A NATS through which the processes on one Postgres share the feed; absent, each reads it from Postgres. */
    FEED: natsUrl.optional(),
    XDG_DATA_HOME: z.string().optional(),
    HOST: z.string().default('127.0.0.1'),
    PORT: count(4000, { least: 0, most: 65_535 }),
    CONNECTORS: connectors.default([]),
    /** How the switches of CONNECTORS call numbers, and whose these are. */
    NUMBERS: numbers.default(new Map()),
    /** Requests a minute of one principal. */
    RATE_LIMIT: count(6000),
    /** Failed log-ins a minute from one address. */
    AUTH_FAILURE_LIMIT: count(300),
    MAX_CONNECTIONS: count(10_000),
    /** WebSockets, event streams and exports at once. */
    MAX_STREAMS_PER_USER: count(2000),
    MAX_BODY_BYTES: count(1_048_576, { least: 1024 }),
    MAX_DEPTH: count(15, { least: 3 }),
    MAX_ALIASES: count(50),
    MAX_COST: count(200_000),
    MAX_PAGE_SIZE: count(5000, { most: 5000 }),
    /** A directory of the only documents that run; absent, any do. */
    TRUSTED_DOCUMENTS: z.string().refine(isDirectory, 'takes a directory that is there').optional(),
    /** How long the log of changes reaches back. */
    FEED_RETENTION_HOURS: count(72),
    /** Goes into the hashes of erased numbers: with the database alone nobody can try all numbers. */
    ERASURE_KEY: z.string().min(32, 'takes at least 32 characters').optional(),
    /** Milliseconds for which an end is awaited after a switch's yes to a hang-up; the yes has as long, and 2 s at least. */
    HANGUP_CONFIRM_MS: count(2000, { least: 100, most: 60_000 }),
    /** Milliseconds over which subscribers are sent away when a stop begins. */
    DRAIN_MS: count(2000, { least: 0, most: 600_000 }),
    /** `0` neither tells nor keeps what is pressed in calls: PINs and numbers of cards, perhaps. */
    DTMF_EVENTS: z
      .enum(['0', '1'], 'takes 0 or 1')
      .default('1')
      .transform((text) => text === '1'),
    /** `1` lets phone call events be sent into private networks, too. */
    WEBHOOKS_ALLOW_PRIVATE: z
      .enum(['0', '1'], 'takes 0 or 1')
      .default('0')
      .transform((text) => text === '1'),
    /** How long what was delivered is shown. */
    WEBHOOKS_RETENTION_HOURS: count(168),
    /** Networks whose `X-Forwarded-For`, `-Proto` and `-Host` are believed. */
    TRUSTED_PROXIES: list
      .refine((ranges) => ranges.every(isProxyRange), 'takes addresses and CIDR ranges from /1 on')
      .default([]),
    /** Networks whose addresses may read `/metrics`. */
    METRICS_NETWORKS: list
      .refine((ranges) => ranges.every(isNetwork), 'takes addresses and CIDR ranges')
      .default(['127.0.0.0/8', '::1']),
    /** An issuer whose JSON Web Tokens are bearer tokens here; needs JWT_JWKS_URL. */
    JWT_ISSUER: z.string().optional(),
    JWT_JWKS_URL: z.url({ protocol: /^https?$/, error: 'takes an http or https URL' }).optional(),
    /** Absent takes tokens for any audience. */
    JWT_AUDIENCE: z.string().optional(),
    /** Origins whose pages may call `/graphql`; `*` for any. */
    CORS_ORIGINS: list.default(['*']),
    /** VoipNow: the status of an empty list, and that for a token which is not valid. */
    VOIPNOW_EMPTY_LIST_STATUS: status('200', '204'),
    VOIPNOW_BAD_TOKEN_STATUS: status('401', '403'),
    /** Whether Genesys' requests need a token against forgery by other pages. */
    GWS_CSRF: z
      .enum(['true', 'false'])
      .default('false')
      .transform((text) => text === 'true'),
    /** Origins whose pages may call Genesys' API with their users' cookies; absent, none. */
    GWS_CORS_ORIGINS: list
      .refine((origins) => origins.every(isOrigin), 'takes origins such as https://desk.example')
      .default([]),
    /** A collector of traces; absent, there are none. */
    OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl.optional(),
    /** The one way to send them; what else the standard has is refused instead of not arriving. */
    OTEL_EXPORTER_OTLP_PROTOCOL: z.literal('http/protobuf', 'takes http/protobuf').optional(),
    OTEL_SERVICE_NAME: z.string().default('tandem'),
    OTEL_TRACES_SAMPLER: z
      .enum(SAMPLERS, `takes ${SAMPLERS.join(', ')}`)
      .default('parentbased_always_on'),
    /** The share that a sampler by ratio takes. */
    OTEL_TRACES_SAMPLER_ARG: z
      .string()
      .transform(Number)
      .pipe(z.number('takes a number from 0 to 1').min(0).max(1))
      .default(1),
    OTEL_SDK_DISABLED: z.string().optional(),
    LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
  })
  .superRefine(({ CONNECTORS, NUMBERS, DATABASE_URL, FEED, JWT_ISSUER, JWT_JWKS_URL }, context) => {
    if (FEED && !DATABASE_URL) {
      const message = 'needs DATABASE_URL: the embedded database has one process';
      context.addIssue({ code: 'custom', path: ['FEED'], message });
    }
    if (!JWT_ISSUER !== !JWT_JWKS_URL) {
      const message = 'and JWT_JWKS_URL go together';
      context.addIssue({ code: 'custom', path: ['JWT_ISSUER'], message });
    }
    const ids = CONNECTORS.map(({ id }) => id);
    for (const id of [...NUMBERS.keys()].filter((named) => !ids.includes(named))) {
      const message = `names ${id}, which is none of CONNECTORS`;
      context.addIssue({ code: 'custom', path: ['NUMBERS'], message });
    }
    const twice = ids.find((id, index) => ids.indexOf(id) !== index);
    if (!twice) return;
    context.addIssue({
      code: 'custom',
      path: ['CONNECTORS'],
      message: `has the id ${twice} twice`,
    });
  });

/** Reads the environment; an empty variable counts as absent. @throws {ConfigError} naming every fault of the values, or else of how they go together. */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  const given = Object.entries(environment).filter(([, value]) => value !== '');
  const parsed = SETTINGS.safeParse(Object.fromEntries(given));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `  ${path.join('.')} ${message}`);
  throw new ConfigError(['The configuration is wrong:', ...faults].join('\n'));
}

/** Where the embedded database and its lock live. */
export const dataDirectory = ({ XDG_DATA_HOME }: Config) =>
  join(
    // The XDG specification: a relative path is to be ignored.
    XDG_DATA_HOME && isAbsolute(XDG_DATA_HOME) ? XDG_DATA_HOME : join(homedir(), '.local', 'share'),
    'tandem',
  );
