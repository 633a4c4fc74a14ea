import { defaultDelay } from './delay.ts';
import { FollowError } from './follow-error.ts';
import { judge } from './judge.ts';
import type { LinkOptions } from './options.ts';

const SILENCE_MS = 45_000;
const MOST_DOUBLINGS = 5;

/** How to go on after a failure. */
interface NextTry {
  readonly delayMs: number;
  /** New credentials are needed. */
  readonly needsLogin: boolean;
}

/** Counts failures in a row. */
export interface Retries {
  /** Something came: the next failure is the first again. */
  reset(): void;
  /** How to go on, or why not; credentials that are refused twice end it. */
  next(error: unknown): NextTry | FollowError;
  /** How long silence may last now: more with each try, as somebody may be slow instead of dead. */
  silenceMs(): number;
}

export function createRetries({
  delay = defaultDelay,
  silenceMs = SILENCE_MS,
}: LinkOptions): Retries {
  let tries = 0;
  let wasRefused = false;
  return {
    reset() {
      tries = 0;
      wasRefused = false;
    },
    next(error) {
      const verdict = judge(error);
      if (verdict.kind === 'END') return verdict.error;
      const needsLogin = verdict.kind === 'LOGIN';
      if (needsLogin && wasRefused) {
        return new FollowError('UNAUTHENTICATED', 'The credentials were refused twice.', error);
      }
      wasRefused = needsLogin;
      tries += 1;
      const least = verdict.kind === 'RETRY' ? verdict.afterMs : 0;
      return { delayMs: Math.max(least, delay(tries)), needsLogin };
    },
    silenceMs: () => silenceMs * 2 ** Math.min(tries, MOST_DOUBLINGS),
  };
}
