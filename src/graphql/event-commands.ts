import type { GraphQLResolveInfo } from 'graphql';
import { GatewayError } from '../model/errors.ts';
import type { Context } from '../operations/context.ts';
import {
  createPhoneCallEvent,
  deletePhoneCallEvents,
  type EventReceipt,
  updatePhoneCallEvent,
} from '../operations/phone-call-events.ts';
import { readEvents } from '../store/queries/read.ts';
import { builder } from './builder.ts';
import { EventMethodRef, EventStatusRef } from './event-enums.ts';
import { onceField } from './mutation.ts';
import { OWNER } from './owner.ts';
import { EventRef } from './refs.ts';
import { selectionOf } from './selection.ts';
import { eventShape } from './shapes.ts';

/** What `extension` means in the inputs of rules. */
export const EXTENSION =
  'The extension, in full or short form: a terminal, queue, conference or IVR.';
const TYPE =
  '0 dial-in, 1 dial-out, 2 hang-up, 3 answer of an incoming call, 4 answer of an outgoing call.';

/** The rule of a receipt as it is now. */
export async function eventOf(
  { database, visibility }: Context,
  { rowId }: EventReceipt,
  info: GraphQLResolveInfo,
) {
  const [event] = await readEvents(database, [rowId], eventShape(selectionOf(info)), visibility);
  if (!event) throw new GatewayError('EVENT_NOT_FOUND', 'The event has been deleted meanwhile.');
  return event;
}

builder.relayMutationField(
  'createPhoneCallEvent',
  {
    description: 'The new rule.',
    inputFields: (t) => ({
      owner: t.string({ description: OWNER }),
      extension: t.string({ required: true, description: EXTENSION }),
      type: t.int({ required: true, description: TYPE }),
      url: t.string({
        required: true,
        description: 'An absolute http or https URL of at most 2048 characters, percent-encoded.',
      }),
      method: t.field({ type: EventMethodRef, description: 'How it is requested. Default: POST.' }),
      status: t.field({ type: EventStatusRef, description: 'Whether it fires. Default: ENABLED.' }),
      note: t.string({ description: 'A remark of at most 1024 characters.' }),
      ...onceField(t),
    }),
  },
  {
    description:
      'Makes a rule: on this type of event of the extension, request this URL. Scope MANAGE.',
    resolve: (_, { input }, context) => createPhoneCallEvent(context, input),
  },
  {
    description: 'The new rule.',
    outputFields: (t) => ({
      phoneCallEvent: t.field({
        type: EventRef,
        description: 'The rule.',
        resolve: (receipt, _, context, info) => eventOf(context, receipt, info),
      }),
    }),
  },
);

builder.relayMutationField(
  'updatePhoneCallEvent',
  {
    description: 'What to change in which rule; what is absent stays.',
    inputFields: (t) => ({
      owner: t.string({ description: OWNER }),
      extension: t.string({ required: true, description: EXTENSION }),
      eventId: t.id({ required: true, description: 'The `id` of the rule.' }),
      type: t.int({ description: 'When given, the rule must be of this type, 0 to 4.' }),
      url: t.string({
        description: 'An absolute http or https URL of at most 2048 characters, percent-encoded.',
      }),
      method: t.field({ type: EventMethodRef, description: 'How it is requested.' }),
      status: t.field({ type: EventStatusRef, description: 'Whether it fires.' }),
      note: t.string({ description: 'A remark of at most 1024 characters; null takes it away.' }),
      ...onceField(t),
    }),
  },
  {
    description: 'Changes a rule. Scope MANAGE.',
    resolve: (_, { input }, context) => updatePhoneCallEvent(context, input),
  },
  {
    description: 'The changed rule.',
    outputFields: (t) => ({
      phoneCallEvent: t.field({
        type: EventRef,
        description: 'The rule.',
        resolve: (receipt, _, context, info) => eventOf(context, receipt, info),
      }),
    }),
  },
);

builder.relayMutationField(
  'deletePhoneCallEvents',
  {
    description: 'Which rules of an extension: one, those of a type, or all.',
    inputFields: (t) => ({
      owner: t.string({ description: OWNER }),
      extension: t.string({ required: true, description: EXTENSION }),
      type: t.int({ description: 'Only rules of this type, 0 to 4.' }),
      eventId: t.id({ description: 'Only the rule with this `id`; it must be there.' }),
      ...onceField(t),
    }),
  },
  {
    description: 'Deletes rules of an extension. Scope MANAGE.',
    resolve: (_, { input }, context) => deletePhoneCallEvents(context, input),
  },
  {
    description: 'Which rules are gone.',
    outputFields: (t) => ({
      deletedIds: t.idList({
        description: 'The ids of the deleted rules, in the order in which they were made.',
        resolve: ({ deletedIds }) => [...deletedIds],
      }),
    }),
  },
);
