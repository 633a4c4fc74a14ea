import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Authenticate } from '../auth/authenticate.ts';
import { type Principal, visibilityOf } from '../auth/principal.ts';
import type { Credentials } from '../model/credentials.ts';
import { GatewayError } from '../model/errors.ts';
import type { Context, Services } from '../operations/context.ts';

/** Where a request comes from, and through what. */
export interface Origin {
  readonly dialect: string;
  /** The peer's address, or what a trusted proxy says it is. */
  readonly peer: string;
  readonly requestId: string;
  readonly signal: AbortSignal;
}

/** Makes the context of each request: who it is, and whether they may ask once more. */
export interface Contexts {
  /** Authenticates and counts. Refuses with UNAUTHENTICATED or RATE_LIMITED. */
  open(credentials: Credentials, origin: Origin): Promise<Context>;
  /** Another operation of somebody already known: counts, and refuses with RATE_LIMITED. */
  again(principal: Principal, origin: Origin): Promise<Context>;
}

interface Options {
  readonly authenticate: Authenticate;
  readonly services: Services;
  /** Requests a minute of one principal. */
  readonly rateLimit: number;
  /** Failed log-ins a minute from one address. */
  readonly failureLimit: number;
}

export function createContexts(options: Options): Contexts {
  const requests = new RateLimiterMemory({ points: options.rateLimit, duration: 60 });
  const failures = new RateLimiterMemory({ points: options.failureLimit, duration: 60 });

  async function again(principal: Principal, { dialect, requestId, signal }: Origin) {
    await consume(requests, principal.userId);
    const visibility = visibilityOf(principal);
    return { ...options.services, principal, visibility, dialect, requestId, signal };
  }

  async function known(credentials: Credentials, peer: string): Promise<Principal> {
    // Only passwords can be guessed; each try is counted before it is made, and given back when it was right.
    const guessable = credentials.kind === 'password';
    if (guessable) await consume(failures, peer);
    const principal = await options.authenticate(credentials, peer);
    if (guessable) await failures.reward(peer);
    return principal;
  }

  return { again, open: async (given, origin) => again(await known(given, origin.peer), origin) };
}

async function consume(limiter: RateLimiterMemory, key: string) {
  try {
    await limiter.consume(key);
  } catch (error) {
    throw error instanceof RateLimiterRes ? tooMany(error) : error;
  }
}

function tooMany({ msBeforeNext }: RateLimiterRes): GatewayError {
  const retryAfter = Math.max(1, Math.ceil(msBeforeNext / 1000));
  return new GatewayError('RATE_LIMITED', `Too many requests; come back in ${retryAfter} s.`, {
    retryAfter,
  });
}
