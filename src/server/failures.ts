import { RateLimiterMemory } from 'rate-limiter-flexible';
import { type ErrorCode, GatewayError } from '../model/errors.ts';
import type { LogIn, TellRefused } from './refused-log-ins.ts';
import { tooMany } from './too-many.ts';

/** Counts refused log-ins by address: those by password, and those by a token or a key. */
export interface Failures {
  /** Tries to log in. Refuses with RATE_LIMITED when too many tries from this address were refused. */
  guard<T>(kind: LogIn, peer: string, logIn: () => Promise<T>): Promise<T>;
}

/**
 * @param limit how many may be refused a minute.
 * @param tell hears of each that is refused, and of those that are not tried any more.
 */
export function createFailures(limit: number, tell: TellRefused = () => {}): Failures {
  const byPassword = createGate(limit);
  const bySecret = createCounter(limit);
  return {
    guard: async (kind, peer, logIn) => {
      if (kind === 'none') return logIn();
      const isPassword = kind === 'password' || kind === 'apiKeyLogin';
      try {
        return await (isPassword ? byPassword(peer, logIn) : bySecret(peer, logIn));
      } catch (error) {
        if (isRefused(error) || isTooMany(error)) tell(kind, peer);
        throw error;
      }
    },
  };
}

const hasCode = (code: ErrorCode) => (error: unknown) =>
  error instanceof GatewayError && error.code === code;
const isRefused = hasCode('UNAUTHENTICATED');
const isTooMany = hasCode('RATE_LIMITED');

/** No token is short enough to be guessed: a right one is let in however many were wrong. */
function createCounter(limit: number) {
  const failures = new RateLimiterMemory({ points: limit, duration: 60 });
  return async <T>(peer: string, logIn: () => Promise<T>): Promise<T> => {
    try {
      return await logIn();
    } catch (error) {
      if (!isRefused(error)) throw error;
      const failed = await failures.penalty(peer);
      throw failed.consumedPoints > limit ? tooMany(failed) : error;
    }
  };
}

/** The tries of one address: how many are under way, and who waits for one of them to be over. */
interface Tries {
  current: number;
  present: number;
  readonly waiting: (() => void)[];
}

/** Lets no more tries be under way than may still be refused: a right one in a crowd waits its turn. */
function createGate(limit: number) {
  const failures = new RateLimiterMemory({ points: limit, duration: 60 });
  const addresses = new Map<string, Tries>();

  async function turn(peer: string, tries: Tries) {
    for (;;) {
      const failed = await failures.get(peer);
      const count = failed?.consumedPoints ?? 0;
      if (failed && count >= limit) throw tooMany(failed);
      if (count + tries.current < limit) return;
      await new Promise<void>((resolve) => tries.waiting.push(resolve));
    }
  }

  async function attempt<T>(peer: string, tries: Tries, logIn: () => Promise<T>): Promise<T> {
    tries.current += 1;
    try {
      return await logIn();
    } catch (error) {
      if (isRefused(error)) await failures.penalty(peer);
      throw error;
    } finally {
      tries.current -= 1;
    }
  }

  return async <T>(peer: string, logIn: () => Promise<T>): Promise<T> => {
    const tries = addresses.get(peer) ?? { current: 0, present: 0, waiting: [] };
    addresses.set(peer, tries);
    tries.present += 1;
    try {
      await turn(peer, tries);
      return await attempt(peer, tries, logIn);
    } finally {
      tries.present -= 1;
      if (tries.present === 0) addresses.delete(peer);
      // Refused or not, whoever leaves wakes the next one, so that nobody waits for ever.
      tries.waiting.shift()?.();
    }
  };
}
