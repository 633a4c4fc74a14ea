import { GatewayError } from '../model/errors.ts';
import { redeliverPhoneCallEvent } from '../operations/redeliver-phone-call-event.ts';
import { resumePhoneCallEvent } from '../operations/resume-phone-call-event.ts';
import { rotateWebhookSecret } from '../operations/rotate-webhook-secret.ts';
import { readDeliveries } from '../store/queries/read.ts';
import { builder } from './builder.ts';
import { EXTENSION, eventOf } from './event-commands.ts';
import { onceField } from './mutation.ts';
import { OWNER } from './owner.ts';
import { DeliveryRef, EventRef } from './refs.ts';

builder.relayMutationField(
  'redeliverPhoneCallEvent',
  {
    description: 'What to send again.',
    inputFields: (t) => ({
      deliveryId: t.id({ required: true, description: 'The `id` of the firing.' }),
      ...onceField(t),
    }),
  },
  {
    description:
      'Sends a firing again, or at once, with the `webhook-id` that it had and 24 hours to be delivered in; one that was delivered comes after what its call has fired since. Scope MANAGE.',
    resolve: (_, { input }, context) => redeliverPhoneCallEvent(context, input),
  },
  {
    description: 'What will be sent.',
    outputFields: (t) => ({
      delivery: t.field({
        type: DeliveryRef,
        description: 'The firing as it is now.',
        resolve: async ({ deliveryId }, _, { database, visibility }) => {
          const [delivery] = await readDeliveries(database, [deliveryId], visibility);
          if (delivery) return delivery;
          throw new GatewayError('EVENT_NOT_FOUND', 'The firing has been deleted meanwhile.');
        },
      }),
    }),
  },
);

builder.relayMutationField(
  'resumePhoneCallEvent',
  {
    description: 'Which rule to resume.',
    inputFields: (t) => ({
      owner: t.string({ description: OWNER }),
      extension: t.string({ required: true, description: EXTENSION }),
      eventId: t.id({ required: true, description: 'The `id` of the rule.' }),
      ...onceField(t),
    }),
  },
  {
    description:
      'Ends the suspension of a rule, and of what it has fired: that is sent, with 24 hours to be delivered in. Scope MANAGE.',
    resolve: (_, { input }, context) => resumePhoneCallEvent(context, input),
  },
  {
    description: 'The resumed rule.',
    outputFields: (t) => ({
      phoneCallEvent: t.field({
        type: EventRef,
        description: 'The rule.',
        resolve: (receipt, _, context, info) => eventOf(context, receipt, info),
      }),
      resumed: t.int({
        description: 'How many firings are to be sent because of it.',
        resolve: (receipt) => receipt.resumed,
      }),
    }),
  },
);

builder.relayMutationField(
  'rotateWebhookSecret',
  {
    description: 'Whose secret to change.',
    inputFields: (t) => ({
      organizationId: t.id({
        description:
          'Of which organization: its id, or its key in import files. Absent means your own, and only an ADMINISTRATOR names another.',
      }),
      ...onceField(t),
    }),
  },
  {
    description:
      'Gives an organization a new secret, by which receivers tell that what its rules fire is true. For 24 hours the last one signs as well. Scope MANAGE, for an ORGANIZATION or an ADMINISTRATOR.',
    resolve: (_, { input }, context) => rotateWebhookSecret(context, input),
  },
  {
    description: 'The new secret.',
    outputFields: (t) => ({
      secret: t.string({
        nullable: true,
        description:
          'For the libraries of Standard Webhooks, `whsec_...`; shown only now, and null when a request is repeated by its `idempotencyKey`.',
        resolve: ({ secret }) => secret,
      }),
    }),
  },
);
