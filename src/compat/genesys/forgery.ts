import type { LegacyRequest } from '../legacy-request.ts';
import { isByBearer, isByPassword, sessionOf } from './credentials.ts';
import { CSRF_HEADER, csrfTokenOf } from './csrf-token.ts';

type Headed = Pick<LegacyRequest, 'headers'>;

/** Who has logged in, and whose sessions are. */
interface Asker {
  /** Tandem's id of the user. */
  userId(): Promise<string>;
  /** Whose a session is, or was; null of what never was one. */
  ownerOf(session: string): Promise<string | null>;
}

/** Refuses what comes without the token that goes with its session; a Bearer is in no browser's keeping. */
export function refuseForged(request: Headed): Response | null {
  if (isByBearer(request)) return null;
  const session = sessionOf(request);
  return session && request.headers.get(CSRF_HEADER) === csrfTokenOf(session) ? null : forged();
}

/**
 * Refuses a password that comes with a session which never was its user's. Browsers send passwords along by themselves,
 * too, and whoever can choose the session knows the token that goes with it; of the user's own nobody does, and one
 * that has ended meanwhile keeps none of the user's clients out.
 */
export async function refuseChosen(
  request: Headed,
  { userId, ownerOf }: Asker,
): Promise<Response | null> {
  if (!isByPassword(request)) return null;
  const owner = await ownerOf(sessionOf(request) ?? '');
  return owner !== null && owner === (await userId()) ? null : forged();
}

const forged = () => new Response('Missing or invalid Csrf token', { status: 403 });
