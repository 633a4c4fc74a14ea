import { type Credentials, credentialsOf as parse } from '../../model/credentials.ts';
import type { LegacyRequest } from '../legacy-request.ts';

/** A bearer token in the header, else in the query (UnifiedAPI, Authentication, `accessRequestToken`). */
export function credentialsOf({ headers, query }: LegacyRequest): Credentials {
  const [sent, another] = query.getAll('accessRequestToken');
  const authorization = headers.get('authorization') ?? (another === undefined ? sent : undefined);
  const credentials = parse(spelledOut(authorization ?? ''));
  return credentials.kind === 'token' ? credentials : { kind: 'none' };
}

/** The page says that "Bearer" must precede the token; its samples, and 4PSA's app-securemyform, leave it out. */
const spelledOut = (text: string) => (/^\s*\S+\s*$/.test(text) ? `Bearer ${text}` : text);
