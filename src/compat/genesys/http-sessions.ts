import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Execute, HttpSessions, SessionHost } from '../dialect.ts';
import { graphql } from '../graphql.ts';
import type { LegacyRequest } from '../legacy-request.ts';
import { sessionOf } from './credentials.ts';
import { siteOf } from './origins.ts';

/** Longer than anybody's shift. */
const OpenSession = graphql(`
  mutation GenesysOpenSession { issueToken(input: { hours: 24 }) { token } }
`);

/** Clients that keep no cookies get the same session again. */
const REMEMBERED_MS = 12 * 3_600_000;
const MOST_REMEMBERED = 10_000;

/** `JSESSIONID`, and the token against requests that other pages forge (CSRF Protection). */
export function openHttpSessions({ csrf, origins, isLive }: SessionHost): HttpSessions {
  const known = new LRUCache<string, string>({ max: MOST_REMEMBERED, ttl: REMEMBERED_MS });

  /** The one that a password has; another one when that has been revoked, wherever that was done. */
  async function sessionFor(authorization: string, execute: Execute, peer: string) {
    const name = digest(authorization);
    const before = known.get(name);
    if (before !== undefined && (await isLive(before, peer))) return before;
    const { issueToken } = await execute(OpenSession, {});
    known.set(name, issueToken.token);
    return issueToken.token;
  }

  return {
    refuse(request) {
      return csrf && request.method !== 'GET' ? refuseForged(request) : null;
    },
    async open(request, execute, peer) {
      const headers = new Headers();
      if (request.method !== 'GET') return headers;
      const authorization = request.headers.get('authorization') ?? '';
      const sent = sessionOf(request);
      // Whatever else a cookie names may have ended, or be somebody else's: a password gets its own.
      const isByPassword = /^basic /i.test(authorization);
      const session = isByPassword ? await sessionFor(authorization, execute, peer) : sent;
      if (session === null) return headers;
      if (session !== sent)
        headers.append('Set-Cookie', cookieOf(session, siteOf(request.url, origins)));
      if (csrf) {
        headers.set('X-CSRF-HEADER', CSRF_HEADER);
        headers.set(CSRF_HEADER, csrfTokenOf(session));
      }
      return headers;
    },
  };
}

/** Refuses what comes without the token that goes with its session. */
export function refuseForged(request: Pick<LegacyRequest, 'headers'>): Response | null {
  const session = sessionOf(request);
  if (session && request.headers.get(CSRF_HEADER) === csrfTokenOf(session)) return null;
  return new Response('Missing or invalid Csrf token', { status: 403 });
}

const CSRF_HEADER = 'X-CSRF-TOKEN';

const digest = (text: string) => createHash('sha256').update(text).digest('hex');

/** A uuid that goes with the session, and that nobody can tell who has not its secret. */
const csrfTokenOf = (session: string) =>
  digest(`csrf ${session}`).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');

const cookieOf = (session: string, site: string) =>
  `JSESSIONID=${session}; Path=/api/v2; HttpOnly; ${site}`;
