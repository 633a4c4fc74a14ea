import { LRUCache } from 'lru-cache';
import { hashSecret } from '../model/secret.ts';
import type { Authenticate } from './authenticate.ts';
import type { Principal } from './principal.ts';

/** A revocation must work within a second, and what a stream began by then must end in it, too. */
const TRUSTED_MS = 300;
const MOST = 10_000;

interface Seen {
  /** When it was asked, not when it was answered: that is how old the answer is. */
  readonly at: number;
  readonly principal: Promise<Principal>;
}

const ended = new WeakSet<Principal>();

/** Forgets at once who this is: its token has been revoked in this process. */
export function forgetPrincipal(principal: Principal): void {
  ended.add(principal);
}

/** Looks a token up once in a while and not for each request: whoever works in earnest asks many times a second. */
export function rememberRecent(authenticate: Authenticate, now = Date.now): Authenticate {
  const seen = new LRUCache<string, Seen>({ max: MOST });

  const isOver = (principal: Principal) =>
    ended.has(principal) ||
    (principal.expiresAt !== null && principal.expiresAt.getTime() <= now());

  return async (credentials, peer) => {
    if (credentials.kind !== 'token') return authenticate(credentials, peer);
    const key = `${hashSecret(credentials.token)} ${peer}`;
    const last = seen.get(key);
    if (last && now() - last.at < TRUSTED_MS) {
      const principal = await last.principal;
      if (!isOver(principal)) return principal;
    }
    const mine = { at: now(), principal: authenticate(credentials, peer) };
    seen.set(key, mine);
    try {
      return await mine.principal;
    } catch (error) {
      if (seen.peek(key) === mine) seen.delete(key);
      throw error;
    }
  };
}
