import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Execute, HttpSessions, SessionHost } from '../dialect.ts';
import { graphql } from '../graphql.ts';
import { isByPassword, sessionOf } from './credentials.ts';
import { CSRF_HEADER, csrfTokenOf, refuseChosen, refuseForged } from './forgery.ts';
import { siteOf } from './origins.ts';

/** Longer than anybody's shift. */
const OpenSession = graphql(`
  mutation GenesysOpenSession { issueToken(input: { hours: 24 }) { token } }
`);

const Myself = graphql(`query GenesysMyself { viewer { id } }`);

/** Clients that keep no cookies get the same session again. */
const REMEMBERED_MS = 12 * 3_600_000;
const MOST_REMEMBERED = 10_000;

/** `JSESSIONID`, and the token against requests that other pages forge (CSRF Protection). */
export function openHttpSessions({ csrf, origins, holderOf }: SessionHost): HttpSessions {
  const known = new LRUCache<string, string>({ max: MOST_REMEMBERED, ttl: REMEMBERED_MS });

  /** The one that a password has; another one when that has been revoked, wherever that was done. */
  async function sessionFor(authorization: string, execute: Execute, peer: string) {
    const name = digest(authorization);
    const before = known.get(name);
    if (before !== undefined && (await holderOf(before, peer)) !== null) return before;
    const { issueToken } = await execute(OpenSession, {});
    known.set(name, issueToken.token);
    return issueToken.token;
  }

  return {
    async refuse(request, execute, peer) {
      if (!csrf || request.method === 'GET') return null;
      const userId = async () => (await execute(Myself, {})).viewer.id;
      return refuseForged(request) ?? (await refuseChosen(request, { userId, holderOf, peer }));
    },
    async open(request, execute, peer) {
      const headers = new Headers();
      if (request.method !== 'GET') return headers;
      const authorization = request.headers.get('authorization') ?? '';
      const sent = sessionOf(request);
      // Whatever else a cookie names may have ended, or be somebody else's: a password gets its own.
      const session = isByPassword(request) ? await sessionFor(authorization, execute, peer) : sent;
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

const digest = (text: string) => createHash('sha256').update(text).digest('hex');

const cookieOf = (session: string, site: string) =>
  `JSESSIONID=${session}; Path=/api/v2; HttpOnly; ${site}`;
