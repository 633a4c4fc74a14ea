import { Webhook } from 'standardwebhooks';
import { EVENT_PARAMETERS, type EventParameters } from '../model/event-delivery.ts';
import type { EventMethod } from '../model/phone-call-event.ts';
import type { OutgoingRequest } from './guarded-request.ts';

/** All that a request is made of. */
export interface DeliveryContent {
  /** The same at each attempt. */
  readonly id: string;
  readonly method: EventMethod;
  readonly url: string;
  readonly parameters: EventParameters;
  /** Each signs, so that a receiver may still have the last one or already the new one. */
  readonly secrets: readonly string[];
}

/**
 * The request of a firing, in the form of VoipNow's Call Events with the headers of Standard Webhooks. What is
 * signed is the form of a POST, and the query of a GET as it is sent, from behind its question mark.
 */
export function deliveryRequest(content: DeliveryContent, now: Date): OutgoingRequest {
  const { id, method, parameters, secrets } = content;
  const url = new URL(content.url);
  const form = new URLSearchParams(
    EVENT_PARAMETERS.map((name) => [name, parameters[name]]),
  ).toString();
  if (method === 'GET') url.search = [url.search.slice(1), form].filter(Boolean).join('&');
  const signed = method === 'GET' ? url.search.slice(1) : form;
  const headers = {
    'user-agent': 'Tandem',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': secrets
      .map((secret) => new Webhook(secret).sign(id, now, signed))
      .join(' '),
  };
  if (method === 'GET') return { url, method, headers, body: '' };
  const length = String(Buffer.byteLength(form));
  const type = 'application/x-www-form-urlencoded';
  return {
    ...{ url, method, body: form },
    headers: { ...headers, 'content-type': type, 'content-length': length },
  };
}
