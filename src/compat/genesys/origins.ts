import { refuse } from './refusals.ts';
import { isByCookie, isOwn } from './script-pages.ts';

/** What the default configuration of GWS lets pages send (HTCC Configuration Options), and its token against forgery. */
const ALLOWED_HEADERS =
  'X-Requested-With,Content-Type,Accept,Origin,Cookie,authorization,ssid,surl,ContactCenterId,X-CSRF-TOKEN';
/** CSRF Protection asks for the first two. */
const EXPOSED_HEADERS = 'X-CSRF-HEADER,X-CSRF-TOKEN,X-Request-Id,Retry-After';
const REMEMBERED_S = 600;

type Answer<From> = (request: Request, from: From) => Promise<Response | undefined>;

/**
 * The same handler, that lets the pages of these origins in with their users' cookies, and no others: such cookies
 * come along from everywhere, and within one site without any origin here. The paths of other dialects are as they were.
 */
export function shareWith<From>(origins: readonly string[], answer: Answer<From>): Answer<From> {
  return (request, from) => {
    const origin = request.headers.get('origin');
    const work = () => answer(request, from);
    if (origin === null || !PATH.test(new URL(request.url).pathname)) return work();
    if (origins.includes(origin)) return shared(origin, request, work);
    const isLeft = origins.length === 0 && !isByCookie(request);
    return isReading(request) || isOwn(origin, request) || isLeft ? work() : refused(origin);
  };
}

const PATH = /^\/api\/v2(?:\/|$)/;

async function shared(
  origin: string,
  { method, headers }: Request,
  work: () => Promise<Response | undefined>,
) {
  const isPreflight = method === 'OPTIONS' && headers.has('access-control-request-method');
  const response = isPreflight ? preflight() : await work();
  response?.headers.set('Access-Control-Allow-Origin', origin);
  response?.headers.set('Access-Control-Allow-Credentials', 'true');
  response?.headers.set('Access-Control-Expose-Headers', EXPOSED_HEADERS);
  response?.headers.append('Vary', 'Origin');
  return response;
}

/** Nobody has logged in yet: browsers ask by themselves. */
const preflight = () =>
  new Response(null, {
    status: 204,
    headers: {
      'Access-Control-Allow-Methods': 'GET,POST,PUT,DELETE',
      'Access-Control-Allow-Headers': ALLOWED_HEADERS,
      'Access-Control-Max-Age': String(REMEMBERED_S),
    },
  });

/** What a page of another origin gets of it, it cannot read. */
const isReading = ({ method }: Request) => method === 'GET' || method === 'HEAD';

const refused = async (origin: string) =>
  refuse({ code: 'FORBIDDEN', message: `Pages of ${origin} may not do this.` });

/** The end of each cookie: pages of other sites send it along only where they are let in, and over TLS. */
export function siteOf(url: string, origins: readonly string[]): string {
  if (!url.startsWith('https:')) return 'SameSite=Lax';
  return origins.length > 0 ? 'SameSite=None; Secure' : 'SameSite=Lax; Secure';
}
