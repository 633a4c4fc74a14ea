import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Execute, HttpSessions, SessionHost } from '../dialect.ts';
import { graphql } from '../graphql.ts';
import type { LegacyRequest } from '../legacy-request.ts';
import { isByPassword, sessionOf } from './credentials.ts';
import { CSRF_HEADER, csrfTokenOf } from './csrf-token.ts';
import { refuseChosen, refuseForged } from './forgery.ts';
import { siteOf } from './origins.ts';

/** Longer than anybody's shift. */
const OpenSession = graphql(`
  mutation GenesysOpenSession { issueToken(input: { hours: 24 }) { token } }
`);

const Myself = graphql(`query GenesysMyself { viewer { id } }`);

const CHANGES_NOTHING = ['GET', 'HEAD', 'OPTIONS'];

/** Clients that keep no cookies get the same session again. */
const REMEMBERED_MS = 12 * 3_600_000;
const MOST_REMEMBERED = 10_000;

/** `JSESSIONID`, and the token against requests that other pages forge (CSRF Protection). */
export function openHttpSessions({ csrf, origins, holderOf, ownerOf }: SessionHost): HttpSessions {
  const known = new LRUCache<string, string>({ max: MOST_REMEMBERED, ttl: REMEMBERED_MS });

  /**
   * The one that a password has: what its client has still, whichever process gave it, for the client's token goes
   * with it; else the one that others with this password have; another one when all that has ended.
   */
  async function sessionFor(request: LegacyRequest, execute: Execute, peer: string) {
    const name = digest(request.headers.get('authorization') ?? '');
    const before = known.get(name);
    const sent = sessionOf(request);
    if (sent !== null && sent !== before) {
      const holder = await holderOf(sent, peer);
      if (holder !== null && holder === (await userIdOf(execute))) return sent;
    }
    if (before !== undefined && (await holderOf(before, peer)) !== null) return before;
    const { issueToken } = await execute(OpenSession, {});
    known.set(name, issueToken.token);
    return issueToken.token;
  }

  const isSafe = ({ method }: LegacyRequest) => !csrf || CHANGES_NOTHING.includes(method);

  return {
    refuseForged: (request) => (isSafe(request) ? null : refuseForged(request)),
    refuseChosen: async (request, execute) =>
      isSafe(request) ? null : refuseChosen(request, { userId: () => userIdOf(execute), ownerOf }),
    async open(request, execute, peer) {
      const headers = new Headers();
      if (request.method !== 'GET' && request.method !== 'HEAD') return headers;
      const sent = sessionOf(request);
      // Whatever else a cookie names may have ended, or be somebody else's: a password gets its own.
      const session = isByPassword(request) ? await sessionFor(request, execute, peer) : sent;
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

const userIdOf = async (execute: Execute) => (await execute(Myself, {})).viewer.id;

const digest = (text: string) => createHash('sha256').update(text).digest('hex');

const cookieOf = (session: string, site: string) =>
  `JSESSIONID=${session}; Path=/api/v2; HttpOnly; ${site}`;
