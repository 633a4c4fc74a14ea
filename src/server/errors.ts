import { GraphQLError } from 'graphql';
import { type ErrorCode, failuresBeside, GatewayError } from '../model/errors.ts';
import type { Log } from '../observe/log.ts';
import { requestIds } from './request-id.ts';

/** Codes that concern the whole request and not one field: they have an HTTP status of their own. */
const STATUS: Partial<Record<ErrorCode, number>> = {
  UNAUTHENTICATED: 401,
  RATE_LIMITED: 429,
};

/** Tells the operator of a bug, and of what failed because of it. */
export function report(log: Log, error: unknown, facts: { readonly dialect?: string } = {}): void {
  const cause = causeOf(error);
  for (const err of [cause, ...failuresBeside(cause)]) {
    const requestId = requestIds.getStore();
    log.error({ err, requestId, ...facts }, 'a bug: this error should not have left an operation');
  }
}

/** Makes the GraphQL exit: refusals leave with their code, bugs leave as "Internal error" and are logged. */
export const createToWire = (log: Log) =>
  function toWire(error: unknown): GraphQLError {
    const cause = causeOf(error);
    if (cause instanceof GatewayError) {
      for (const failure of failuresBeside(cause)) report(log, failure);
      return refusal(cause, error);
    }
    if (isOfRequest(error, cause)) return malformed(error);
    report(log, error);
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

function refusal(cause: GatewayError, error: unknown): GraphQLError {
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
  const { http, originalError } = error.extensions;
  const status = originalError ? { http: { status: 400 } } : http ? { http } : {};
  const extensions = { code: 'BAD_INPUT', ...status };
  return new GraphQLError(error.message, { ...placeOf(error), extensions });
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
