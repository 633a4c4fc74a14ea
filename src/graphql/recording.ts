import {
  pauseRecording,
  resumeRecording,
  startRecording,
  stopRecording,
} from '../operations/record-media.ts';
import { builder } from './builder.ts';
import { callFields, callPayload, type Fields, legField, selectorField } from './mutation.ts';

const INPUT = {
  description: 'Which call.',
  inputFields: (t: Fields) => ({ ...callFields(t), ...legField(t), selector: selectorField(t) }),
};
const REPEATABLE = {
  ...INPUT,
  inputFields: (t: Fields) => ({
    ...INPUT.inputFields(t),
    ifNeeded: t.boolean({
      description:
        'True leaves a recording that is so already as it is; else it is refused: WRONG_STATE. Default: false.',
    }),
  }),
};
const PAYLOAD = { description: 'The call.', ...callPayload };

builder.relayMutationField(
  'startRecording',
  INPUT,
  {
    description: 'Starts to record an answered call, on its switch. Scope CONTROL.',
    resolve: (_, { input }, context) => startRecording(context, input),
  },
  PAYLOAD,
);

builder.relayMutationField(
  'stopRecording',
  INPUT,
  {
    description: 'Stops the recording of a call for good; another may be started. Scope CONTROL.',
    resolve: (_, { input }, context) => stopRecording(context, input),
  },
  PAYLOAD,
);

builder.relayMutationField(
  'pauseRecording',
  REPEATABLE,
  {
    description: 'What is said from now on is not recorded. Scope CONTROL.',
    resolve: (_, { input }, context) => pauseRecording(context, input),
  },
  PAYLOAD,
);

builder.relayMutationField(
  'resumeRecording',
  REPEATABLE,
  {
    description: 'What is said from now on is recorded again. Scope CONTROL.',
    resolve: (_, { input }, context) => resumeRecording(context, input),
  },
  PAYLOAD,
);
