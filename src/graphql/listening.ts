import { monitorCall, whisperToCall } from '../operations/listen-to-call.ts';
import { builder } from './builder.ts';
import { callFields, callPayload, type Fields, legField } from './mutation.ts';

const PAYLOAD = { description: 'The call.', ...callPayload };

const listenFields = (t: Fields) => ({
  ...callFields(t),
  ...legField(t),
  to: t.string({
    required: true,
    description:
      'Who listens: an extension in full or short form, or an outside number; none that is in the call.',
  }),
});

builder.relayMutationField(
  'monitorCall',
  { description: 'Who is to listen to which call.', inputFields: listenFields },
  {
    description:
      'Rings somebody who hears an answered call when he answers, and whom nobody in it hears: a LISTENER. Scope CONTROL.',
    resolve: (_, { input }, context) => monitorCall(context, input),
  },
  PAYLOAD,
);

builder.relayMutationField(
  'whisperToCall',
  {
    description: 'Who is to speak to which leg of which call.',
    inputFields: (t) => ({
      ...listenFields(t),
      withoutHearing: t.boolean({
        description: 'Whether he speaks without hearing the call. Default: false.',
      }),
    }),
  },
  {
    description:
      'Rings somebody whom one leg of an answered call hears when he answers, and nobody else: a LISTENER. Scope CONTROL.',
    resolve: (_, { input }, context) => whisperToCall(context, input),
  },
  PAYLOAD,
);
