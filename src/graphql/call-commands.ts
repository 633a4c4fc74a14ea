import { answerCall, holdCall, retrieveCall, sendDtmf } from '../operations/command-call.ts';
import { deleteCall } from '../operations/delete-call.ts';
import { hangupPhoneCall } from '../operations/hangup-phone-call.ts';
import { placeCall } from '../operations/place-call.ts';
import { builder } from './builder.ts';
import { CallSelectorInput } from './call-inputs.ts';
import { DeletionOutcomeRef } from './enums.ts';
import {
  callFields,
  callPayload,
  callsOf,
  type Fields,
  legField,
  mannerFields,
  onceField,
} from './mutation.ts';
import { OWNER } from './owner.ts';
import { CallRef } from './refs.ts';

const legFields = (t: Fields) => ({ ...callFields(t), ...legField(t) });

builder.relayMutationField(
  'hangupPhoneCall',
  {
    description: 'What to hang up: one call, or all live calls of an extension or of an owner.',
    inputFields: (t) => ({
      ...callFields(t),
      owner: t.string({ description: OWNER }),
      extension: t.string({
        description:
          'Every live call of this extension, in full or short form: it is in it, has parked it, or its call went to ' +
          'an outside number. With a call, that must be one of these; WRONG_STATE when it goes on between others.',
      }),
      phoneNumber: t.string({
        description: 'Ends only the leg with this number; calls without it are left alone.',
      }),
      onlyCallIds: t.idList({
        description:
          'Of the calls that all else names, ends only those with these ids of Tandem’s; an empty list ends none, ' +
          'and more than 5,000 are BAD_INPUT. Null: all of them.',
      }),
    }),
  },
  {
    description:
      'Ends calls at the switch, and waits until they have really ended. Who only listens, is rung to join those who ' +
      'talk, or is rung for somebody whom another has parked, ends his own leg alone. Scope CONTROL.',
    resolve: (_, { input }, context) => hangupPhoneCall(context, input),
  },
  {
    description: 'What became of the calls.',
    outputFields: (t) => ({
      calls: t.field({
        type: [CallRef],
        description:
          'Those that really ended now and are there still; one that was marked for deletion is in `endedIds` alone.',
        resolve: ({ ended }, _, context, info) => callsOf(context, ended, info),
      }),
      endedIds: t.idList({
        description:
          'The ids of those that really ended now, with those that were deleted at their end.',
        resolve: ({ ended }) => [...ended],
      }),
      alreadyEnded: t.field({
        type: [CallRef],
        description: 'Those that had ended before, which is no error.',
        resolve: (receipt, _, context, info) => callsOf(context, receipt.alreadyEnded, info),
      }),
      failed: t.field({
        type: [CallRef],
        description:
          'Those that are still up although others ended. When none ended, there is an error instead.',
        resolve: ({ failed }, _, context, info) => callsOf(context, failed, info),
      }),
    }),
  },
);

builder.relayMutationField(
  'placeCall',
  {
    description: 'Who calls whom.',
    inputFields: (t) => ({
      owner: t.string({ description: OWNER }),
      extension: t.string({ description: 'The extension that calls, in full or short form.' }),
      extensionId: t.id({ description: 'Its id, instead of `extension`.' }),
      to: t.string({
        required: true,
        description: 'An extension in full or short form, or an outside number.',
      }),
      ...mannerFields(t),
      ...onceField(t),
    }),
  },
  {
    description: 'Places a call; answers when the switch has begun it. Scope CONTROL.',
    resolve: (_, { input }, context) => placeCall(context, input),
  },
  { description: 'The new call.', ...callPayload },
);

builder.relayMutationField(
  'answerCall',
  { description: 'Which call to answer.', inputFields: legFields },
  {
    description: 'Connects a ringing call. Scope CONTROL.',
    resolve: (_, { input }, context) => answerCall(context, input),
  },
  { description: 'The call.', ...callPayload },
);

builder.relayMutationField(
  'holdCall',
  { description: 'Which call to hold.', inputFields: legFields },
  {
    description: 'Puts a connected call on hold. Scope CONTROL.',
    resolve: (_, { input }, context) => holdCall(context, input),
  },
  { description: 'The call.', ...callPayload },
);

builder.relayMutationField(
  'retrieveCall',
  { description: 'Which call to retrieve.', inputFields: legFields },
  {
    description: 'Takes a call back from hold. Scope CONTROL.',
    resolve: (_, { input }, context) => retrieveCall(context, input),
  },
  { description: 'The call.', ...callPayload },
);

builder.relayMutationField(
  'sendDtmf',
  {
    description: 'Which digits into which call.',
    inputFields: (t) => ({
      ...callFields(t),
      digits: t.string({ required: true, description: '1 to 64 of 0-9, *, # and A-D.' }),
    }),
  },
  {
    description:
      'Sends DTMF digits to those who talk in a call, whoever else holds it; some switches take them while it dials, too. Scope CONTROL.',
    resolve: (_, { input }, context) => sendDtmf(context, input),
  },
  { description: 'The call.', ...callPayload },
);

builder.relayMutationField(
  'deleteCall',
  {
    description: 'Which call to delete.',
    inputFields: (t) => ({
      selector: t.field({ type: CallSelectorInput, required: true, description: 'Which call.' }),
      ...onceField(t),
    }),
  },
  {
    description:
      'Deletes an ended call with everything that names it; one that is up is marked and goes when it ends. Scope MANAGE.',
    resolve: (_, { input }, context) => deleteCall(context, input),
  },
  {
    description: 'What became of the call.',
    outputFields: (t) => ({
      callId: t.id({
        nullable: true,
        description: 'The id of the call; null when the next one is meant, which has none yet.',
        resolve: ({ callId }) => callId,
      }),
      outcome: t.field({
        type: DeletionOutcomeRef,
        description: 'Whether it is gone, or will be.',
        resolve: ({ outcome }) => outcome,
      }),
    }),
  },
);
