import type { GatewayError } from '../model/errors.ts';

/** Seconds to wait when a refusal for too many requests does not say how many. */
const DEFAULT_RETRY_SECONDS = 60;

/** Has the answer say when to come back, where the refusal knows; null is a bug. */
export function later(response: Response, refusal: GatewayError | null): Response {
  const wait = refusal?.code === 'RATE_LIMITED' ? DEFAULT_RETRY_SECONDS : undefined;
  const seconds = refusal?.retryAfter ?? wait;
  if (seconds !== undefined) response.headers.set('Retry-After', String(seconds));
  return response;
}
