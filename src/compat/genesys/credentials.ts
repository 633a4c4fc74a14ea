import { type Credentials, credentialsOf as parse } from '../../model/credentials.ts';
import type { LegacyRequest } from '../legacy-request.ts';

/** Basic or Bearer, else the session cookie that every client keeps. */
export function credentialsOf({ headers }: LegacyRequest): Credentials {
  const authorization = headers.get('authorization');
  if (authorization !== null) return parse(authorization);
  const [, token] = /(?:^|;)\s*JSESSIONID="?([^\s";]+)/.exec(headers.get('cookie') ?? '') ?? [];
  return token === undefined ? { kind: 'none' } : { kind: 'token', token };
}
