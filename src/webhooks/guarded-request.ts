import { lookup as systemLookup } from 'node:dns';
import {
  type ClientRequest,
  request as http,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import { request as https } from 'node:https';
import type { LookupFunction } from 'node:net';
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent';
import type { AttemptError, DeliveryAttempt } from '../model/event-delivery.ts';
import { isPrivateReceiver } from '../model/private-receiver.ts';
import { onlyPublic, PRIVATE_ADDRESS, publicLookup } from './public-lookup.ts';

/** The most that is read of an answer, of which nothing but its status counts. */
const MOST_BYTES = 65_536;

/** A request to a receiver. */
export interface OutgoingRequest {
  readonly url: URL;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  /** Empty for GET. */
  readonly body: string;
}

/** What became of a request. */
interface Outcome extends Omit<DeliveryAttempt, 'at' | 'durationMs'> {
  /** For how long the receiver wants to be left alone; null when it does not say. */
  readonly retryAfterMs: number | null;
}

/** Makes a request, once, and says what became of it; never rejects. */
export type SendRequest = (request: OutgoingRequest, signal: AbortSignal) => Promise<Outcome>;

interface Options {
  /** Whether receivers may be in private networks. */
  readonly allowPrivate: boolean;
  /** From the look-up of the name to the end of the answer. */
  readonly timeoutMs: number;
  /** How names are looked up; default: see `publicLookup`. */
  readonly lookup?: LookupFunction;
}

/**
 * Requests that anybody may have caused. The address is checked on the very connection that it is looked up for, so
 * a name that turns private comes too late; each has a connection of its own, and none goes through a proxy of the
 * environment, which would look names up where we cannot see it. Redirects are answers like others.
 */
export function createGuardedRequest(options: Options): SendRequest {
  const { allowPrivate, timeoutMs } = options;
  const lookup = lookupOf(options);
  const filter = { allowPrivateIPAddress: allowPrivate, allowMetaIPAddress: allowPrivate };
  const agents = {
    'http:': new RequestFilteringHttpAgent({ ...filter, keepAlive: false }),
    'https:': new RequestFilteringHttpsAgent({ ...filter, keepAlive: false }),
  };
  return async ({ url, method, headers, body }, signal) => {
    if (isRefused(options, url))
      return { status: null, error: PRIVATE_ADDRESS, retryAfterMs: null };
    const late = AbortSignal.timeout(timeoutMs);
    const secure = url.protocol === 'https:';
    const settings: RequestOptions = {
      ...{ method, headers, lookup, agent: secure ? agents['https:'] : agents['http:'] },
      signal: AbortSignal.any([late, signal]),
    };
    try {
      const request = secure ? https(url, settings) : http(url, settings);
      const answer = await answerTo(request, body);
      await drain(answer);
      const status = answer.statusCode ?? 0;
      if (status >= 200 && status < 300) return { status, error: null, retryAfterMs: null };
      const retryAfterMs = millisecondsOf(answer.headers['retry-after']);
      return { status, error: 'STATUS', retryAfterMs };
    } catch (error) {
      const fault = late.aborted ? 'TIMEOUT' : faultOf(error, signal);
      return { status: null, error: fault, retryAfterMs: null };
    }
  };
}

/** Addresses are never looked up. */
const isRefused = ({ allowPrivate }: Options, url: URL) =>
  !allowPrivate && isPrivateReceiver(url.href);

const lookupOf = ({ allowPrivate, lookup }: Options): LookupFunction =>
  allowPrivate ? (lookup ?? systemLookup) : onlyPublic(lookup ?? publicLookup());

/** `Retry-After`: seconds, or a date (RFC 9110, 10.2.3); null for what is neither. */
function millisecondsOf(retryAfter = ''): number | null {
  if (/^\d{1,9}$/.test(retryAfter)) return Number(retryAfter) * 1000;
  const left = Date.parse(retryAfter) - Date.now();
  return Number.isNaN(left) ? null : Math.max(0, left);
}

function answerTo(request: ClientRequest, body: string): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  request.on('response', resolve);
  // Stays for the whole life of the request: a connection may break more than once.
  request.on('error', reject);
  request.on('close', () => reject(new Error('The connection was closed without an answer.')));
  request.end(body);
  return promise;
}

/** Reads the rest of an answer whose status is known already, up to a limit; how that ends makes no difference. */
async function drain(answer: IncomingMessage): Promise<void> {
  let bytes = 0;
  try {
    for await (const chunk of answer) {
      bytes += (chunk as Buffer).length; // no encoding is set
      if (bytes > MOST_BYTES) break;
    }
  } catch {
    // It was cut off, by us or by the receiver.
  }
  answer.destroy();
}

const CODES: readonly (readonly [RegExp, AttemptError])[] = [
  [/^(ENOTFOUND|ENODATA|EAI_\w+|ESERVFAIL|ETIMEOUT|EREFUSED|EBADNAME|EBADRESP)$/, 'NAME_NOT_FOUND'],
  [/^(CERT_|ERR_TLS|ERR_SSL|EPROTO|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/, 'TLS'],
  [/^HPE_/, 'BAD_ANSWER'],
];

function faultOf(error: unknown, stop: AbortSignal): AttemptError {
  if (stop.aborted) return 'STOPPED';
  const { message = '', code = '' } = error as NodeJS.ErrnoException; // only read
  // All that tells a refusal of the agents' own filter from others is its text.
  if (code === PRIVATE_ADDRESS || /is not allowed\. Because/.test(message)) return PRIVATE_ADDRESS;
  return CODES.find(([pattern]) => pattern.test(code))?.[1] ?? 'CONNECTION';
}
