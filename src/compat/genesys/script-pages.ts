import { callbackOf } from './cometd/jsonp.ts';
import { isByBearer, sessionOf } from './credentials.ts';

type IsAllowed = (origin: string) => boolean;

/**
 * Whether a script element asks on a page that may not: it sends no Origin, and what it gets its page can read. To
 * servers without TLS browsers say no site, so the Referer counts, too; a page can leave that out, and then nobody
 * knows whose a cookie is that came along. Who is not a browser sends neither, and a password.
 */
export function isForeignScript(request: Request, isAllowed: IsAllowed): boolean {
  if (callbackOf(request) === null || isByBearer(request)) return false;
  const { headers } = request;
  const site = headers.get('sec-fetch-site');
  if (site === 'same-origin' || site === 'none') return false;
  const referer = headers.get('referer');
  if (referer !== null) return !isAllowed(originOf(referer));
  return site !== null || isByCookie(request);
}

/** Who else sends an Origin has its own credentials, and is no page that uses somebody else's. */
export const isByCookie = ({ headers }: Request) =>
  !headers.has('authorization') && sessionOf({ headers }) !== null;

const originOf = (url: string) => (URL.canParse(url) ? new URL(url).origin : 'null');
