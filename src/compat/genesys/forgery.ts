import { createHash } from 'node:crypto';
import type { LegacyRequest } from '../legacy-request.ts';
import { isByPassword, sessionOf } from './credentials.ts';

type Headed = Pick<LegacyRequest, 'headers'>;

/** Who has logged in, and whose sessions are. */
interface Asker {
  /** Tandem's id of the user. */
  userId(): Promise<string>;
  /** The user of a session that still is one for who comes from this address; null of every other. */
  holderOf(session: string, peer: string): Promise<string | null>;
  readonly peer: string;
}

/** The name of the header that a GET gives, and that everything else must have (CSRF Protection). */
export const CSRF_HEADER = 'X-CSRF-TOKEN';

/** Refuses what comes without the token that goes with its session. */
export function refuseForged(request: Headed): Response | null {
  const session = sessionOf(request);
  return session && request.headers.get(CSRF_HEADER) === csrfTokenOf(session) ? null : forged();
}

/**
 * Refuses a password that comes with a session which is not its user's, or has ended. Browsers send passwords along by
 * themselves, too, and whoever can choose the session knows the token that goes with it.
 */
export async function refuseChosen(
  request: Headed,
  { userId, holderOf, peer }: Asker,
): Promise<Response | null> {
  if (!isByPassword(request)) return null;
  const holder = await holderOf(sessionOf(request) ?? '', peer);
  return holder !== null && holder === (await userId()) ? null : forged();
}

const forged = () => new Response('Missing or invalid Csrf token', { status: 403 });

/** A uuid that goes with the session, and that nobody can tell who has not its secret. */
export const csrfTokenOf = (session: string): string =>
  createHash('sha256')
    .update(`csrf ${session}`)
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
