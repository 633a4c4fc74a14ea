import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Authenticate } from '../auth/authenticate.ts';
import { type Principal, visibilityOf } from '../auth/principal.ts';
import type { Credentials } from '../model/credentials.ts';
import type { Context, Services } from '../operations/context.ts';
import { createFailures, type Failures } from './failures.ts';
import type { TellRefused } from './refused-log-ins.ts';
import { tooMany } from './too-many.ts';

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

/** Counts requests by their users. */
export interface Counter {
  /** Counts a request of a user for which nothing is to be opened; refuses with RATE_LIMITED. */
  count(userId: string): Promise<void>;
}

interface Options {
  readonly authenticate: Authenticate;
  readonly services: Services;
  /** Requests a minute of one principal. */
  readonly rateLimit: number;
  /** Failed log-ins a minute from one address, by password and by other means each. */
  readonly failureLimit: number;
  /** Hears of refused log-ins. */
  readonly tellRefused: TellRefused;
}

export function createContexts(options: Options): Contexts & Counter & Failures {
  const requests = new RateLimiterMemory({ points: options.rateLimit, duration: 60 });
  const failures = createFailures(options.failureLimit, options.tellRefused);

  const count = (userId: string) => consume(requests, userId);

  async function again(principal: Principal, { dialect, requestId, signal }: Origin) {
    await count(principal.userId);
    const visibility = visibilityOf(principal);
    return { ...options.services, principal, visibility, dialect, requestId, signal };
  }

  async function open(credentials: Credentials, origin: Origin) {
    const { peer } = origin;
    const logIn = () => options.authenticate(credentials, peer);
    return again(await failures.guard(credentials.kind, peer, logIn), origin);
  }

  return { again, open, count, guard: failures.guard };
}

async function consume(limiter: RateLimiterMemory, key: string) {
  try {
    await limiter.consume(key);
  } catch (error) {
    throw error instanceof RateLimiterRes ? tooMany(error) : error;
  }
}
