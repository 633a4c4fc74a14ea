import { completeConference, completeTransfer, consultCall } from '../operations/consult-call.ts';
import { leaveCall } from '../operations/leave-call.ts';
import { conferenceCall, redirectCall, transferCall } from '../operations/move-call.ts';
import { removeParticipant } from '../operations/remove-participant.ts';
import { swapCalls } from '../operations/swap-calls.ts';
import { builder } from './builder.ts';
import { CallIdentifierInput } from './call-inputs.ts';
import { callFields, callOf, callPayload, type Fields, legField } from './mutation.ts';
import { CallRef } from './refs.ts';

const PAYLOAD = { description: 'The call.', ...callPayload };

const OtherCallInput = builder.inputType('OtherCall', {
  description: 'Another call, named in exactly one way.',
  fields: (t) => ({
    callId: t.id({ description: 'Tandem’s id of the call.' }),
    identifier: t.field({ type: CallIdentifierInput, description: 'Its name in another system.' }),
  }),
});

const moveFields = (t: Fields) => ({
  ...callFields(t),
  to: t.string({
    required: true,
    description:
      'An extension in full or short form, or an outside number; none that is in the call.',
  }),
  userData: t.field({ type: 'JSON', description: 'Pairs to attach to the call that rings there.' }),
});

const completeFields = (t: Fields) => ({
  ...callFields(t),
  consultation: t.field({
    type: OtherCallInput,
    description: 'Which consultation, where it is not to be found out.',
  }),
});

const legMoveFields = (t: Fields) => ({ ...moveFields(t), ...legField(t) });

builder.relayMutationField(
  'transferCall',
  {
    description: 'Which call to transfer, and whereto.',
    inputFields: (t) => ({
      ...legMoveFields(t),
      toVoicemail: t.boolean({
        description:
          'Whether `to` is an extension whose owner’s voicemail takes the call. Default: false.',
      }),
    }),
  },
  {
    description:
      'Puts the other party of an answered call through to a number, which rings; your own extension leaves the call at once, whether anybody answers or not. Scope CONTROL.',
    resolve: (_, { input }, context) => transferCall(context, input),
  },
  PAYLOAD,
);

builder.relayMutationField(
  'conferenceCall',
  { description: 'Whom to have in which call.', inputFields: legMoveFields },
  {
    description: 'Rings somebody who joins an answered call when he answers. Scope CONTROL.',
    resolve: (_, { input }, context) => conferenceCall(context, input),
  },
  PAYLOAD,
);

builder.relayMutationField(
  'removeParticipant',
  {
    description: 'Whom to take out of which conference.',
    inputFields: (t) => ({
      ...callFields(t),
      number: t.string({
        required: true,
        description: 'An extension in full or short form, or an outside number; not your own.',
      }),
    }),
  },
  {
    description:
      'Ends somebody else’s leg of a call that has three or more; the others go on. For the two who began it. Scope CONTROL.',
    resolve: (_, { input }, context) => removeParticipant(context, input),
  },
  PAYLOAD,
);

builder.relayMutationField(
  'redirectCall',
  { description: 'Which ringing call, and whereto.', inputFields: legMoveFields },
  {
    description: 'Rings somebody else instead of your own extension. Scope CONTROL.',
    resolve: (_, { input }, context) => redirectCall(context, input),
  },
  PAYLOAD,
);

builder.relayMutationField(
  'consultCall',
  { description: 'Whom to call about which call.', inputFields: moveFields },
  {
    description:
      'Puts an answered call on hold and calls somebody else about it; `completeTransfer`, `completeConference` or the end of the second call follow. Scope CONTROL.',
    resolve: (_, { input }, context) => consultCall(context, input),
  },
  {
    description: 'Both calls.',
    outputFields: (t) => ({
      call: t.field({
        type: CallRef,
        description: 'The call, which waits.',
        resolve: ({ callId }, _, context, info) => callOf(context, callId, info),
      }),
      consultation: t.field({
        type: CallRef,
        description: 'The call about it.',
        resolve: ({ consultationId }, _, context, info) => callOf(context, consultationId, info),
      }),
    }),
  },
);

builder.relayMutationField(
  'completeTransfer',
  { description: 'Which call, by itself or by its consultation.', inputFields: completeFields },
  {
    description:
      'Puts a call through to whoever was consulted and has answered; your own extension leaves both calls. WRONG_STATE while he consults somebody in turn. Scope CONTROL.',
    resolve: (_, { input }, context) => completeTransfer(context, input),
  },
  PAYLOAD,
);

builder.relayMutationField(
  'completeConference',
  { description: 'Which call, by itself or by its consultation.', inputFields: completeFields },
  {
    description:
      'Whoever was consulted and has answered joins the call; the consultation ends. WRONG_STATE while he consults somebody in turn. Scope CONTROL.',
    resolve: (_, { input }, context) => completeConference(context, input),
  },
  PAYLOAD,
);

builder.relayMutationField(
  'swapCalls',
  {
    description: 'Which two calls of your own.',
    inputFields: (t) => ({
      ...callFields(t),
      other: t.field({
        type: OtherCallInput,
        description: 'The other one; without it, the other one of a consultation.',
      }),
    }),
  },
  {
    description:
      'Holds the call of the two that talks, and takes the other one back; WRONG_STATE unless one telephone has both. Scope CONTROL.',
    resolve: (_, { input }, context) => swapCalls(context, input),
  },
  PAYLOAD,
);

builder.relayMutationField(
  'leaveCall',
  { description: 'Which call to leave.', inputFields: callFields },
  {
    description:
      'Your own extension hangs up; the others go on, unless fewer than two would be left. Scope CONTROL.',
    resolve: (_, { input }, context) => leaveCall(context, input),
  },
  PAYLOAD,
);
