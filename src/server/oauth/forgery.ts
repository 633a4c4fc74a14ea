import { randomBytes, timingSafeEqual } from 'node:crypto';

const NAME = 'tandem-consent';
const LASTS_S = 600;
/** 32 bytes in base64url. */
const SEAL = /^[\w-]{43}$/;

/**
 * A secret of this browser, and the cookie in which it keeps it: another site's form cannot know it. All pages that it
 * has open have the same one, so that none spoils another's.
 */
export function sealOf(request: Request): { readonly seal: string; readonly cookie: string } {
  const kept = keptBy(request);
  const seal = SEAL.test(kept) ? kept : randomBytes(32).toString('base64url');
  const isSecure = request.url.startsWith('https:');
  const cookie = `${NAME}=${seal}; Path=/oauth/; Max-Age=${LASTS_S}; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`;
  return { seal, cookie };
}

/** Whether the form is one that this browser was given by us, and none that another site has sent in its name. */
export function isSealed(request: Request, seal: string): boolean {
  const site = request.headers.get('sec-fetch-site');
  if (site !== null && site !== 'same-origin') return false;
  const [a, b] = [Buffer.from(keptBy(request)), Buffer.from(seal)];
  return a.length > 0 && a.length === b.length && timingSafeEqual(a, b);
}

function keptBy(request: Request): string {
  const cookies = (request.headers.get('cookie') ?? '').split(/;\s*/);
  return cookies.find((cookie) => cookie.startsWith(`${NAME}=`))?.slice(NAME.length + 1) ?? '';
}
