import { findOauthApp, type OauthApp } from '../../auth/oauth.ts';
import { SCOPES, type Scope } from '../../model/account.ts';
import type { Database } from '../../store/database.ts';
import { scopesOf } from './scopes.ts';

/** What an app wants a user to consent to. */
export interface ConsentRequest {
  readonly app: OauthApp;
  readonly redirectUri: string;
  readonly state: string | null;
  readonly codeChallenge: string | null;
  /** What the app is to be allowed, at most. */
  readonly scopes: readonly Scope[];
}

/** The request is wrong: told to the app where it can be, else to the user, who is sent nowhere. */
export class ConsentFault extends Error {
  /** RFC 6749, 4.1.2.1; null when it must not reach the app. */
  readonly code: string | null;
  readonly request: ConsentRequest | null;

  constructor(message: string, code: string | null = null, request: ConsentRequest | null = null) {
    super(message);
    this.code = code;
    this.request = request;
  }
}

/** VoipNow, Obtain Authorization, `state`. */
const SHORTEST_STATE = 16;
/** RFC 7636, 4.2: a SHA-256 in base64url. */
const CHALLENGE = /^[\w-]{43}$/;

/** Reads a request. A redirect URI that is not exactly one of the app's is never sent anybody to. */
export async function readConsentRequest(
  database: Database,
  parameters: URLSearchParams,
  peer: string,
): Promise<ConsentRequest> {
  const clientId = onlyOne(parameters, 'client_id') ?? '';
  const app = /^[\x20-\x7e]{1,255}$/.test(clientId)
    ? await findOauthApp(database, clientId, peer)
    : undefined;
  if (!app) throw new ConsentFault('There is no such app.');
  const redirectUri = onlyOne(parameters, 'redirect_uri');
  if (redirectUri === null || !app.redirectUris?.includes(redirectUri)) {
    throw new ConsentFault('The app is not known at the address that it wants you to be sent to.');
  }
  const state = onlyOne(parameters, 'state');
  const codeChallenge = onlyOne(parameters, 'code_challenge');
  const asked = scopesOf(parameters.getAll('scope').flatMap((text) => text.match(/\S+/g) ?? []));
  const request = { app, redirectUri, state, codeChallenge, scopes: asked ?? [] };
  const fault = faultOf(parameters, request);
  if (fault) throw new ConsentFault(fault.message, fault.code, request);
  return request;
}

function faultOf(parameters: URLSearchParams, { state, codeChallenge, scopes }: ConsentRequest) {
  const isTwice = new Set(parameters.keys()).size < parameters.size;
  if (isTwice) return { code: 'invalid_request', message: 'A parameter came twice.' };
  if (onlyOne(parameters, 'response_type') !== 'code') {
    return { code: 'unsupported_response_type', message: 'The response_type must be code.' };
  }
  if (state === null || state.length < SHORTEST_STATE) {
    const message = `The state must have at least ${SHORTEST_STATE} characters.`;
    return { code: 'invalid_request', message };
  }
  if (scopes.length === 0) {
    return { code: 'invalid_scope', message: `The scope takes ${SCOPES.join(', ')}.` };
  }
  const method = onlyOne(parameters, 'code_challenge_method');
  if (codeChallenge === null && method === null) return null;
  if (method === 'S256' && codeChallenge !== null && CHALLENGE.test(codeChallenge)) return null;
  return { code: 'invalid_request', message: 'The code_challenge must be one of method S256.' };
}

/** Sent twice, it is none: which of them is meant is not guessed. */
function onlyOne(parameters: URLSearchParams, name: string): string | null {
  const [value, another] = parameters.getAll(name);
  return another === undefined ? (value ?? null) : null;
}

/** The app's address with what it is told. */
export function backTo(
  { redirectUri, state }: ConsentRequest,
  told: Readonly<Record<string, string>>,
): Response {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries(told)) url.searchParams.append(name, value);
  if (state !== null) url.searchParams.append('state', state);
  const headers = {
    Location: url.href,
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
  };
  return new Response(null, { status: 302, headers });
}
