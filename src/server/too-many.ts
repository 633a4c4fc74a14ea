import type { RateLimiterRes } from 'rate-limiter-flexible';
import { GatewayError } from '../model/errors.ts';

/** The refusal of what a limiter does not let through. */
export function tooMany({ msBeforeNext }: RateLimiterRes): GatewayError {
  const retryAfter = Math.max(1, Math.ceil(msBeforeNext / 1000));
  return new GatewayError('RATE_LIMITED', `Too many requests; come back in ${retryAfter} s.`, {
    retryAfter,
  });
}
