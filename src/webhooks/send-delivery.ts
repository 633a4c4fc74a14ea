import pRetry from 'p-retry';
import type { AttemptError, DeliveryAttempt } from '../model/event-delivery.ts';
import { isAway } from '../store/away.ts';
import type { Database } from '../store/database.ts';
import type { ClaimedDelivery } from './claim-deliveries.ts';
import { deliveryRequest } from './delivery-request.ts';
import { firstSecret } from './first-secret.ts';
import type { SendRequest } from './guarded-request.ts';
import { retryDelay } from './retry-delay.ts';
import {
  type FailureOutcome,
  giveBack,
  settleDelivered,
  settleFailed,
  settleGone,
} from './settle-delivery.ts';

/** After so many hours of failures a firing is suspended. */
const GIVE_UP_HOURS = 24;
/** What a receiver answers that wants no more of it, ever (Standard Webhooks, HTTP status codes). */
const GONE = 410;
/** While Postgres is away, a result is kept for as much of the lease as a request leaves: else the firing is sent again. */
const SETTLE_MS = 5000;

export type DeliveryOutcome = 'DELIVERED' | FailureOutcome;

/** What became of a try, and why. */
export interface Sent {
  readonly outcome: DeliveryOutcome;
  readonly error: AttemptError | null;
  /** For how long the receiver wants to be left alone; null when it does not say. */
  readonly retryAfterMs: number | null;
}

interface Tools {
  readonly database: Database;
  readonly send: SendRequest;
  readonly stop: AbortSignal;
}

/** Sends a firing once and writes down what became of it. */
export async function sendDelivery(tools: Tools, claim: ClaimedDelivery): Promise<Sent> {
  const { database, stop } = tools;
  const { attempt, retryAfterMs } = await attemptOf(tools, claim);
  const settle = async (): Promise<DeliveryOutcome> => {
    if (attempt.error === null) {
      await settleDelivered(database, claim, attempt);
      return 'DELIVERED';
    }
    // Cut off by our own end, it may have arrived or not: whoever comes next sends it at once.
    if (attempt.error === 'STOPPED') {
      await giveBack(database, claim, attempt);
      return 'RETRYING';
    }
    const gone = attempt.status === GONE ? await settleGone(database, claim, attempt) : null;
    if (gone) return gone;
    const delayMs = retryDelay(claim.failures + 1, Math.random, retryAfterMs);
    return settleFailed(database, claim, attempt, { delayMs, giveUpHours: GIVE_UP_HOURS });
  };
  const outcome = await pRetry(settle, {
    ...{ retries: Number.POSITIVE_INFINITY, maxRetryTime: SETTLE_MS },
    ...{ minTimeout: 100, maxTimeout: 1000 },
    shouldRetry: ({ error }) => isAway(error) && !stop.aborted,
  });
  return { outcome, error: attempt.error, retryAfterMs };
}

async function attemptOf(
  { database, send, stop }: Tools,
  claim: ClaimedDelivery,
): Promise<{ readonly attempt: DeliveryAttempt; readonly retryAfterMs: number | null }> {
  const { secrets } = claim;
  const known = secrets.length > 0 ? secrets : [await firstSecret(database, claim.organizationId)];
  const began = new Date();
  const from = performance.now();
  const request = deliveryRequest({ ...claim, secrets: known }, began);
  const { retryAfterMs, ...result } = await send(request, stop);
  const durationMs = Math.round(performance.now() - from);
  return { attempt: { at: began.toISOString(), ...result, durationMs }, retryAfterMs };
}
