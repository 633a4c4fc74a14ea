import type { Database } from '../../store/database.ts';
import type { Contexts, Counter, Origin } from '../context.ts';
import type { RefusalIn } from '../errors.ts';
import type { Failures } from '../failures.ts';
import { createAuthorizeEndpoint } from './authorize.ts';
import { createTokenEndpoint } from './token.ts';

interface Options {
  readonly database: Database;
  readonly contexts: Contexts & Counter & Failures;
  readonly refusalIn: RefusalIn;
}

/** VoipNow's OAuth 2, at the paths of its pages; `/oauth/token` is another client's. */
export function createOauth({ database, contexts, refusalIn }: Options) {
  const token = createTokenEndpoint({ database, contexts, refusalIn });
  const authorize = createAuthorizeEndpoint({ database, contexts });
  const paths = new Map([
    ['/oauth/token.php', token],
    ['/oauth/token', token],
    ['/oauth/authorize.php', authorize],
    ['/oauth/authorize', authorize],
  ]);
  return async (request: Request, origin: Origin): Promise<Response | undefined> => {
    const path = new URL(request.url).pathname.replace(/\/$/, '');
    return paths.get(path)?.(request, { ...origin, dialect: 'oauth' });
  };
}
