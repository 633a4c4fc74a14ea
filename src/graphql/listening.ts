import { bargeIntoCall, monitorCall, whisperToCall } from '../operations/listen-to-call.ts';
import { builder } from './builder.ts';
import { callFields, callPayload, type Fields, legField } from './mutation.ts';

const PAYLOAD = { description: 'The call.', ...callPayload };

const listenFields = (t: Fields) => ({
  ...callFields(t),
  ...legField(t),
  to: t.string({
    required: true,
    description:
      'The phone: a TERMINAL of the call’s organization that you see, in full or short form; none that is in the call.',
  }),
});

builder.relayMutationField(
  'monitorCall',
  { description: 'Which phone is to listen to which call.', inputFields: listenFields },
  {
    description:
      'Rings a phone that hears an answered call when it is answered, and that nobody in it hears: a LISTENER. Scope CONTROL.',
    resolve: (_, { input }, context) => monitorCall(context, input),
  },
  PAYLOAD,
);

builder.relayMutationField(
  'whisperToCall',
  {
    description: 'From which phone to speak to which leg of which call.',
    inputFields: (t) => ({
      ...listenFields(t),
      withoutHearing: t.boolean({
        description: 'Whether the call is not heard there. Default: false.',
      }),
    }),
  },
  {
    description:
      'Rings a phone that one leg of an answered call hears when it is answered, and nobody else: a LISTENER. Scope CONTROL.',
    resolve: (_, { input }, context) => whisperToCall(context, input),
  },
  PAYLOAD,
);

builder.relayMutationField(
  'bargeIntoCall',
  { description: 'Which phone is to come into which call.', inputFields: listenFields },
  {
    description:
      'Rings a phone that joins an answered call when it is answered; `conferenceCall` has anybody join. Scope CONTROL.',
    resolve: (_, { input }, context) => bargeIntoCall(context, input),
  },
  PAYLOAD,
);
