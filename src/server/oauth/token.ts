import OAuth2Server from '@node-oauth/oauth2-server';
import { GatewayError } from '../../model/errors.ts';
import type { Database } from '../../store/database.ts';
import type { Counter, Origin } from '../context.ts';
import type { RefusalIn } from '../errors.ts';
import type { Failures } from '../failures.ts';
import { createModel, GRANTS } from './model.ts';
import { readForm } from './read-form.ts';

/** VoipNow, Obtain Authorization; an older version of the page said two hours. */
const TOKEN_LASTS_S = 3600;
const RENEWAL_LASTS_S = 14 * 24 * 3600;

interface Options {
  readonly database: Database;
  readonly contexts: Counter & Failures;
  readonly refusalIn: RefusalIn;
}

/** Answers requests for tokens, in the words of RFC 6749 and not in a dialect's. */
export const createTokenEndpoint =
  ({ database, contexts, refusalIn }: Options) =>
  async (request: Request, { peer }: Origin): Promise<Response> => {
    const server = new OAuth2Server({
      model: createModel({ database, peer, count: contexts.count }),
      accessTokenLifetime: TOKEN_LASTS_S,
      refreshTokenLifetime: RENEWAL_LASTS_S,
    });
    const answer = new OAuth2Server.Response({});
    try {
      const asked = await readRequest(request);
      await contexts.guard('appSecret', peer, () => server.token(asked, answer).catch(refuse));
      // The library says what is left of it by now, to the second.
      return said({ ...answer.body, expires_in: TOKEN_LASTS_S });
    } catch (error) {
      return refusal(error, refusalIn);
    }
  };

async function readRequest(request: Request): Promise<OAuth2Server.Request> {
  const { method, headers } = request;
  const form = await readForm(request);
  const { grant_type: grant = '' } = form;
  // The library knows more of them than apps have here, and would call them forbidden.
  if (/^[\w.-]+$/.test(grant) && !GRANTS.includes(grant)) throw unsupported();
  // Scopes may come in any letter case; the library compares those of a renewal itself.
  const { scope = '', ...others } = form;
  // An empty one is none, as every parameter without a value (RFC 6749, 3.2).
  const body = { ...others, ...(scope.trim() && { scope: scope.toUpperCase() }) };
  const authorization = headers.get('authorization');
  return new OAuth2Server.Request({
    ...{ method, query: {}, body },
    headers: {
      ...{ 'content-type': 'application/x-www-form-urlencoded', 'content-length': '1' },
      ...(authorization !== null && { authorization }),
    },
  });
}

const unsupported = () =>
  new OAuth2Server.UnsupportedGrantTypeError(
    `Unsupported grant type: it is one of ${GRANTS.join(', ')}`,
  );

/** Wrong secrets are counted like other failed log-ins. */
function refuse(error: unknown): never {
  if (!(error instanceof OAuth2Server.InvalidClientError)) throw error;
  throw new GatewayError('UNAUTHENTICATED', error.message, { cause: error });
}

function refusal(error: unknown, refusalIn: RefusalIn): Response {
  const cause = error instanceof GatewayError && error.cause ? error.cause : error;
  if (cause instanceof GatewayError) return later(cause, 429);
  if (cause instanceof OAuth2Server.OAuthError && cause.code < 500) {
    return said({ error: cause.name, error_description: cause.message }, cause.code, {
      // Whoever has sent the secret by Basic is told so (RFC 6749, 5.2).
      ...(cause.code === 401 && { 'WWW-Authenticate': 'Basic realm="Tandem"' }),
    });
  }
  const away = refusalIn(cause instanceof Error && 'inner' in cause ? cause.inner : cause);
  if (away) return later(away, away.code === 'RATE_LIMITED' ? 429 : 503);
  return said({ error: 'server_error', error_description: 'Internal error.' }, 500);
}

function later({ message, retryAfter = 60 }: GatewayError, status: number): Response {
  const headers = { 'Retry-After': String(retryAfter) };
  return said({ error: 'temporarily_unavailable', error_description: message }, status, headers);
}

const said = (body: object, status = 200, headers: Record<string, string> = {}) =>
  Response.json(body, {
    status,
    headers: { ...headers, 'Cache-Control': 'no-store', Pragma: 'no-cache' },
  });
