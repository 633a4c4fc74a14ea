import { callbackOf } from './cometd/jsonp.ts';
import { isByBearer, sessionOf } from './credentials.ts';
import { refuse } from './refusals.ts';

/** The answer to a script element on a page of another origin; null for every other request. */
export const refuseForeign = (request: Request): Response | null =>
  isForeignScript(request)
    ? refuse({ code: 'FORBIDDEN', message: 'Pages of other origins may not do this.' })
    : null;

/**
 * Whether a script element asks on a page of another origin: it sends no Origin, and what it gets its page can read.
 * To servers without TLS browsers say no site, so the Referer counts, too; a page can leave that out, and then nobody
 * knows whose a cookie is that came along. Who is no browser sends neither, and a password.
 */
export function isForeignScript(request: Request): boolean {
  if (callbackOf(request) === null || isByBearer(request)) return false;
  const { headers } = request;
  const site = headers.get('sec-fetch-site');
  if (site === 'same-origin' || site === 'none') return false;
  const referer = headers.get('referer');
  if (referer !== null) return !isOwn(referer, request);
  return site !== null || isByCookie(request);
}

/** Who else sends an Origin has its own credentials, and is no page that uses somebody else's. */
export const isByCookie = ({ headers }: Request) =>
  !headers.has('authorization') && sessionOf({ headers }) !== null;

/**
 * A page of this very server, though a proxy in front of it may take TLS off. What came without TLS may be anybody's
 * between there and here, and is none of a server that has it.
 */
export const isOwn = (page: string, { url }: Request) =>
  URL.canParse(page) &&
  new URL(page).host === new URL(url).host &&
  !(url.startsWith('https:') && page.startsWith('http:'));
