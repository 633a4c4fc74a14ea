import { type Credentials, credentialsOf as parse } from '../../model/credentials.ts';
import type { LegacyRequest } from '../legacy-request.ts';
import { CSRF_HEADER, csrfTokenOf } from './csrf-token.ts';

/** Basic or Bearer, else the session cookie that every client keeps. */
export function credentialsOf(request: Pick<LegacyRequest, 'headers'>): Credentials {
  const authorization = request.headers.get('authorization');
  if (authorization !== null) return parse(authorization);
  const token = sessionOf(request);
  return token === null ? { kind: 'none' } : { kind: 'token', token };
}

/**
 * The session that a client's cookie names; null when it has none. Of several, the one that the client's token goes
 * with: others may have been planted, and browsers send those of longer paths first.
 */
export function sessionOf({ headers }: Pick<LegacyRequest, 'headers'>): string | null {
  const cookies = headers.get('cookie') ?? '';
  const sessions = [...cookies.matchAll(/(?:^|;)\s*JSESSIONID="?([^\s";]+)/g)].flatMap(
    ([, session]) => session ?? [],
  );
  const token = headers.get(CSRF_HEADER);
  return sessions.find((session) => csrfTokenOf(session) === token) ?? sessions[0] ?? null;
}

/** Whether it comes with a password, which is heeded before any cookie. */
export const isByPassword = (request: Pick<LegacyRequest, 'headers'>): boolean =>
  credentialsOf(request).kind === 'password';

/** Whether it comes with a token in its head: no browser sends that along by itself. */
export const isByBearer = ({ headers }: Pick<LegacyRequest, 'headers'>): boolean =>
  parse(headers.get('authorization')).kind === 'token';
