import { parkCall, unparkCall } from '../operations/park-call.ts';
import { builder } from './builder.ts';
import { callFields, callPayload, legField } from './mutation.ts';

const PAYLOAD = { description: 'The call.', ...callPayload };

builder.relayMutationField(
  'parkCall',
  {
    description: 'Which call to park.',
    inputFields: (t) => ({
      ...callFields(t),
      ...legField(t),
      returnSeconds: t.int({
        description:
          'After how long your own extension is rung again, 10 to 3600 seconds. Default: 180.',
      }),
    }),
  },
  {
    description:
      'Lets the other party of an answered call wait for anybody who takes it; your own extension leaves at once. Scope CONTROL.',
    resolve: (_, { input }, context) => parkCall(context, input),
  },
  PAYLOAD,
);

builder.relayMutationField(
  'unparkCall',
  {
    description: 'Which parked call, and who takes it.',
    inputFields: (t) => ({
      ...callFields(t),
      to: t.string({
        required: true,
        description:
          'An extension in full or short form, or an outside number; none that is in the call.',
      }),
      onlyTerminal: t.boolean({
        description:
          'Whether `to` must be a telephone of the call’s organization: everything else is refused then. Default: false.',
      }),
    }),
  },
  {
    description: 'Rings somebody who takes a parked call over when he answers. Scope CONTROL.',
    resolve: (_, { input }, context) => unparkCall(context, input),
  },
  PAYLOAD,
);
