import { inviteToConference, placeCallback } from '../operations/place-callback.ts';
import { builder } from './builder.ts';
import { callPayload, type Fields, mannerFields, onceField } from './mutation.ts';
import { OWNER } from './owner.ts';

const PAYLOAD = { description: 'The new call.', ...callPayload };

const throughFields = (t: Fields, extension: string) => ({
  owner: t.string({ description: OWNER }),
  extension: t.string({ required: true, description: extension }),
  from: t.string({
    required: true,
    description:
      'Whose phone is rung first: an outside number, or an extension that you may command.',
  }),
  ...mannerFields(t),
  ...onceField(t),
});

builder.relayMutationField(
  'placeCallback',
  {
    description: 'Who is called, and whom he is put through to.',
    inputFields: (t) => ({
      ...throughFields(
        t,
        'The extension of kind CALLBACK whose call it is, in full or short form.',
      ),
      to: t.string({
        required: true,
        description: 'An extension in full or short form, or an outside number.',
      }),
    }),
  },
  {
    description:
      'Rings somebody outside and calls somebody else for him; answers when the switch has begun it. Scope CONTROL.',
    resolve: (_, { input }, context) => placeCallback(context, input),
  },
  PAYLOAD,
);

builder.relayMutationField(
  'inviteToConference',
  {
    description: 'Who is called, and to which conference.',
    inputFields: (t) => throughFields(t, 'The conference’s extension, in full or short form.'),
  },
  {
    description:
      'Rings somebody who is in a conference when he answers; answers when the switch has begun it. Scope CONTROL.',
    resolve: (_, { input }, context) => inviteToConference(context, input),
  },
  PAYLOAD,
);
