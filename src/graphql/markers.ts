import { addMarker } from '../operations/add-marker.ts';
import { builder } from './builder.ts';
import { CallSelectorInput } from './call-inputs.ts';
import { MarkerModeRef } from './enums.ts';
import { callOf, onceField } from './mutation.ts';
import { CallRef } from './refs.ts';

builder.relayMutationField(
  'addMarker',
  {
    description: 'What to mark in which call.',
    inputFields: (t) => ({
      selector: t.field({ type: CallSelectorInput, required: true, description: 'Which call.' }),
      name: t.string({ required: true, description: 'What to call it: 1 to 255 characters.' }),
      mode: t.field({ type: MarkerModeRef, description: 'What it is. Default: WHOLE.' }),
      startMs: t.int({
        description:
          'Where it begins: milliseconds from the offer of the call. Default: now, of a call that is up.',
      }),
      endMs: t.int({ description: 'Where it ends. Default: where it begins.' }),
      ...onceField(t),
    }),
  },
  {
    description: 'Marks a moment or a part of a call. Scope CONTROL.',
    resolve: (_, { input }, context) => addMarker(context, input),
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
