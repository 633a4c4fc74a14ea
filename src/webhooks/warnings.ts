import { LRUCache } from 'lru-cache';
import type { ClaimedDelivery } from './claim-deliveries.ts';
import type { DeliveryOutcome, Sent } from './send-delivery.ts';

/** How many rules are remembered as told. */
const MOST_TOLD = 10_000;

const MESSAGES: Partial<Record<DeliveryOutcome, string>> = {
  SUSPENDED: 'a firing has failed for a day; it is suspended',
  RULE_SUSPENDED: 'all that a phone call event fired has failed for a day; it is suspended',
  GONE: 'the receiver of a phone call event has said that it is gone; it is suspended',
};

/** Where an operator is told of rules that nobody answers. */
export interface WebhookLog {
  warn(facts: object, message: string): void;
}

/**
 * Tells what an operator should look at. That a receiver is in a private network no try mends: it is told at the first,
 * once a rule, by the host alone, for the rest of a URL may be a secret.
 */
export function warnings(log: WebhookLog) {
  const told = new LRUCache<string, true>({ max: MOST_TOLD });
  return (claim: ClaimedDelivery, { outcome, error }: Sent): void => {
    const facts = { event: claim.eventId, organization: claim.organizationId, error };
    const message = MESSAGES[outcome];
    if (message) log.warn(facts, message);
    if (error !== 'PRIVATE_ADDRESS') return;
    const { host } = new URL(claim.url);
    if (told.has(claim.eventRowId)) return;
    told.set(claim.eventRowId, true);
    log.warn(
      { ...facts, host },
      'the receiver of a phone call event is in a private network, where nothing is sent without WEBHOOKS_ALLOW_PRIVATE=1',
    );
  };
}
