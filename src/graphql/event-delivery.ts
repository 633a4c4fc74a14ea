import type { DeliveryAttempt } from '../model/event-delivery.ts';
import { builder } from './builder.ts';
import { AttemptErrorRef, DeliveryStateRef } from './event-enums.ts';
import { DeliveryRef, NodeRef } from './refs.ts';

const AttemptRef = builder.objectRef<DeliveryAttempt>('PhoneCallEventAttempt').implement({
  description: 'One request of a firing.',
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime', description: 'When it was begun.' }),
    durationMs: t.exposeInt('durationMs', { description: 'How long it took, in milliseconds.' }),
    status: t.exposeInt('status', {
      nullable: true,
      description: 'The HTTP status of the answer; null when there was none.',
    }),
    error: t.expose('error', {
      type: AttemptErrorRef,
      nullable: true,
      description: 'Why it did not deliver; null when it did.',
    }),
  }),
});

DeliveryRef.implement({
  description: 'A firing of a rule: one event of one call, and the requests that told of it.',
  interfaces: [NodeRef],
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'attempts' in value,
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The `webhook-id` of each of its requests.' }),
    callId: t.exposeID('callId', { description: 'Tandem’s id of the call.' }),
    state: t.expose('state', { type: DeliveryStateRef, description: 'Where it stands.' }),
    parameters: t.expose('parameters', {
      type: 'JSON',
      description: 'What is sent, by VoipNow’s names; empty texts where nothing is known.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was fired.' }),
    deliveredAt: t.expose('deliveredAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was delivered; null before.',
    }),
    nextAttemptAt: t.expose('nextAttemptAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When it is sent next, if what the call fired before is delivered by then; null when that is not planned.',
    }),
    attempts: t.field({
      type: [AttemptRef],
      description: 'Its last 50 requests, the oldest first.',
      resolve: ({ attempts }) => [...attempts],
    }),
  }),
});
