import { randomBytes, timingSafeEqual } from 'node:crypto';

const NAME = 'tandem-consent';
const LASTS_S = 600;

/** A secret of this browser, and the cookie in which it keeps it: another site's form cannot know it. */
export function newSeal(request: Request): { readonly seal: string; readonly cookie: string } {
  const seal = randomBytes(32).toString('base64url');
  const isSecure = request.url.startsWith('https:');
  const cookie = `${NAME}=${seal}; Path=/oauth/; Max-Age=${LASTS_S}; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`;
  return { seal, cookie };
}

/** Whether the form is one that this browser was given by us, and none that another site has sent in its name. */
export function isSealed(request: Request, seal: string): boolean {
  const site = request.headers.get('sec-fetch-site');
  if (site !== null && site !== 'same-origin') return false;
  const cookies = (request.headers.get('cookie') ?? '').split(/;\s*/);
  const kept = cookies.find((cookie) => cookie.startsWith(`${NAME}=`))?.slice(NAME.length + 1);
  const [a, b] = [Buffer.from(kept ?? ''), Buffer.from(seal)];
  return a.length > 0 && a.length === b.length && timingSafeEqual(a, b);
}
