import { holdCallForLegal, releaseLegalHold } from '../operations/legal-hold.ts';
import { builder } from './builder.ts';
import { CallSelectorInput } from './call-inputs.ts';
import { callOf, callsOf, type Fields, onceField } from './mutation.ts';
import { CallRef } from './refs.ts';

const selectorFields = (t: Fields) => ({
  selector: t.field({ type: CallSelectorInput, required: true, description: 'Which call.' }),
  ...onceField(t),
});

builder.relayMutationField(
  'holdCallForLegal',
  { description: 'Which call to hold.', inputFields: selectorFields },
  {
    description:
      'Keeps a call, with its user data, from being deleted by anybody, by an erasure or by its age. Scope MANAGE.',
    resolve: (_, { input }, context) => holdCallForLegal(context, input),
  },
  {
    description: 'The call.',
    outputFields: (t) => ({
      call: t.field({
        type: CallRef,
        nullable: true,
        description: 'The call as it is now; null when the next one is meant.',
        resolve: async ({ callId }, _, context, info) =>
          callId === null ? null : callOf(context, callId, info),
      }),
    }),
  },
);

builder.relayMutationField(
  'releaseLegalHold',
  { description: 'Which call to release.', inputFields: selectorFields },
  {
    description:
      'Ends a legal hold. Scope MANAGE, for an ORGANIZATION or an ADMINISTRATOR. A call that was marked for deletion before it was held, and has ended since, goes at once: `deletionRequestedAt` says so beforehand.',
    resolve: (_, { input }, context) => releaseLegalHold(context, input),
  },
  {
    description: 'What became of the call.',
    outputFields: (t) => ({
      call: t.field({
        type: CallRef,
        nullable: true,
        description: 'The call as it is now; null when it went at once.',
        resolve: async ({ callId }, _, context, info) =>
          (await callsOf(context, [callId], info))[0] ?? null,
      }),
      isDeleted: t.boolean({
        description: 'Whether it went at once.',
        resolve: (receipt) => receipt.isDeleted,
      }),
    }),
  },
);
