import { type Credentials, credentialsOf as parse } from '../../model/credentials.ts';
import type { LegacyRequest } from '../legacy-request.ts';

/** Basic or Bearer, else the session cookie that every client keeps. */
export function credentialsOf(request: Pick<LegacyRequest, 'headers'>): Credentials {
  const authorization = request.headers.get('authorization');
  if (authorization !== null) return parse(authorization);
  const token = sessionOf(request);
  return token === null ? { kind: 'none' } : { kind: 'token', token };
}

/** The session that a client's cookie names; null when it has none. */
export function sessionOf({ headers }: Pick<LegacyRequest, 'headers'>): string | null {
  const cookies = headers.get('cookie') ?? '';
  return /(?:^|;)\s*JSESSIONID="?([^\s";]+)/.exec(cookies)?.[1] ?? null;
}

/** Whether it comes with a password, which is heeded before any cookie. */
export const isByPassword = (request: Pick<LegacyRequest, 'headers'>): boolean =>
  credentialsOf(request).kind === 'password';
