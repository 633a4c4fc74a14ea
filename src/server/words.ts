import type { ErrorCode } from '../model/errors.ts';
import type { BadRequest } from './bad-request.ts';

/** Clients of Bayeux: faye takes any JSON for an answer, and hears that something is wrong when it is none. */
const OF_BAYEUX = /^\/api\/v2\/notifications(?:$|[/?#])/i;

/** The body of a refusal as it is sent, and its type. */
export function bodyOf(target: string, bad: BadRequest): readonly [type: string, text: string] {
  return OF_BAYEUX.test(pathOf(target))
    ? ['text/plain;charset=UTF-8', bad.message]
    : ['application/json', JSON.stringify(inWordsOf(target, bad))];
}

/**
 * The body of a refusal for which no dialect is asked: only whose clients read it have it in their own words. In any
 * letter case, for whoever has misspelt a path reads no other words.
 * @param target of the request line, whole or as much as has come of it
 */
export function inWordsOf(target: string, bad: BadRequest): object {
  const path = pathOf(target);
  if (/^\/graphql(?:$|[?#])/i.test(path)) return inGraphql(bad);
  if (/^\/(?:uapi|unifiedapi)(?:$|[/?#])/i.test(path)) return inVoipnow(bad);
  if (/^\/api\/v2(?:$|[/?#])/i.test(path)) return inGenesys(bad);
  if (/^\/oauth(?:$|[/?#])/i.test(path)) return inOauth(bad);
  return { error: bad.message };
}

const pathOf = (target: string) => target.replace(/^https?:\/\/[^/?#]*/i, '');

const inGraphql = ({ status, message }: BadRequest) => ({
  errors: [{ message, extensions: { code: codeOf(status) } }],
});

function codeOf(status: number): ErrorCode | 'INTERNAL' {
  if (status === 503) return 'UNAVAILABLE';
  return status >= 500 ? 'INTERNAL' : 'BAD_INPUT';
}

const inVoipnow = ({ status, message }: BadRequest) => ({
  error: { code: status >= 500 ? 'internal_server_error' : 'request_invalid', message },
});

/** RFC 6749, 4.1.2.1 and 5.2. */
const inOauth = ({ status, message }: BadRequest) => ({
  error: OAUTH_ERRORS[status] ?? 'invalid_request',
  error_description: message,
});

const OAUTH_ERRORS: Readonly<Record<number, string>> = {
  500: 'server_error',
  503: 'temporarily_unavailable',
};

const inGenesys = ({ status, message }: BadRequest) => ({
  statusCode: status >= 500 ? 4 : status === 404 ? 6 : 10,
  statusMessage: message,
});
