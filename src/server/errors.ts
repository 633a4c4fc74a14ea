import { GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import { type ErrorCode, failuresBeside, GatewayError, PartAway } from '../model/errors.ts';
import type { Log } from '../observe/log.ts';
import { isAway } from '../store/away.ts';
import { requestIds } from './request-id.ts';

/** Codes that concern whole requests rather than fields: they have an HTTP status of their own. */
const STATUS: Partial<Record<ErrorCode, number>> = {
  UNAUTHENTICATED: 401,
  RATE_LIMITED: 429,
  UNAVAILABLE: 503,
};

/** While the database is away, everything fails of it: it is said this often. */
const SAY_AWAY_EVERY_MS = 10_000;
const MOST_SAID = 20;
const BACK_IN_S = 1;

/** Gives the refusal that an error is, or null for a bug; tells the operator of bugs, and of what is away. */
export type RefusalIn = (
  error: unknown,
  facts?: { readonly dialect: string },
) => GatewayError | null;

export function createRefusalIn(log: Log): RefusalIn {
  const said = new LRUCache<string, true>({ max: MOST_SAID, ttl: SAY_AWAY_EVERY_MS });

  function away(cause: unknown): GatewayError {
    const what = String(cause);
    if (!said.has(what)) log.error({ err: cause }, 'what Tandem needs is away: requests fail');
    said.set(what, true, { noUpdateTTL: true });
    return new GatewayError('UNAVAILABLE', undefined, { cause, retryAfter: BACK_IN_S });
  }

  return (error, facts) => {
    const cause = causeOf(error);
    const isRefusal = cause instanceof GatewayError;
    if (!isRefusal && (cause instanceof PartAway || isAway(cause))) return away(cause);
    const bugs = isRefusal ? [] : [cause];
    for (const err of [...bugs, ...failuresBeside(cause)]) {
      const requestId = requestIds.getStore();
      log.error(
        { err, requestId, ...facts },
        'a bug: this error should not have left an operation',
      );
    }
    return isRefusal ? cause : null;
  };
}

/** Makes the GraphQL exit: refusals leave with their code, bugs leave as "Internal error" and are logged. */
export const createToWire = (refusalIn: RefusalIn) =>
  function toWire(error: unknown): GraphQLError {
    if (isOfRequest(error, causeOf(error))) return malformed(error);
    const refusal = refusalIn(error);
    if (refusal) return refused(refusal, error);
    // What is of no field has kept the whole request from being run.
    const http = error instanceof GraphQLError ? {} : { http: { status: 500 } };
    return new GraphQLError('Internal error', {
      ...placeOf(error),
      extensions: { code: 'INTERNAL', ...http },
    });
  };

/**
 * What graphql-js itself says of a document or its variables has no cause; what a scalar says of a variable
 * has one, but no place in the answer.
 */
const isOfRequest = (error: unknown, cause: unknown): error is GraphQLError =>
  error instanceof GraphQLError &&
  (cause === error || (cause instanceof GraphQLError && error.path === undefined));

function causeOf(error: unknown): unknown {
  let cause = error;
  while (cause instanceof GraphQLError && cause.originalError) cause = cause.originalError;
  return cause;
}

function refused(cause: GatewayError, error: unknown): GraphQLError {
  const { code, message, retryAfter } = cause;
  const status = STATUS[code];
  const headers = {
    ...(code === 'UNAUTHENTICATED' && { 'www-authenticate': 'Bearer' }),
    ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
  };
  const http = status === undefined ? {} : { http: { status, headers } };
  const wait = retryAfter === undefined ? {} : { retryAfter };
  return new GraphQLError(message, { ...placeOf(error), extensions: { code, ...wait, ...http } });
}

function malformed(error: GraphQLError): GraphQLError {
  // Yoga has codes of its own; ours are a closed list. What a JSON parser said is nothing for clients, and
  // a body that is no JSON is 400 for all of them.
  // graphql-jit's errors have none.
  const { http, originalError } = error.extensions ?? {};
  const status = originalError ? { http: { status: 400 } } : http ? { http } : {};
  const extensions = { code: 'BAD_INPUT', ...status };
  return new GraphQLError(error.message, { ...placeOf(error), extensions });
}

/** For where there is no HTTP any more: what it would say by its status and headers, the error itself says. */
export function withoutStatus({ message, extensions: { http, ...extensions } }: GraphQLError) {
  return new GraphQLError(message, { extensions });
}

/** Where in the document and in the answer an error belongs. */
function placeOf(error: unknown) {
  if (!(error instanceof GraphQLError)) return {};
  const { nodes, path, source, positions } = error;
  return {
    ...(nodes && { nodes }),
    ...(path && { path }),
    ...(source && { source }),
    ...(positions && { positions }),
  };
}
