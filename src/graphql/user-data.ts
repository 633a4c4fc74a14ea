import {
  attachUserData,
  deleteUserData,
  deleteUserDataPair,
  updateUserData,
} from '../operations/user-data.ts';
import { builder } from './builder.ts';
import { answeredOnTheWay, callFields, callPayload, selectorField } from './mutation.ts';

const PAYLOAD = { description: 'The call.', ...callPayload };

builder.relayMutationField(
  'attachUserData',
  {
    description: 'What to attach to which call.',
    inputFields: (t) => ({
      ...callFields(t),
      selector: selectorField(t),
      extensionId: t.id({
        description: 'The id of an extension that must have part in the call. Default: any.',
      }),
      userData: t.field({ type: 'JSON', required: true, description: 'The pairs to add.' }),
    }),
  },
  {
    description:
      'Adds pairs to a call’s user data; a key that is there gets the new value. Scope CONTROL.',
    resolve: (_, { input }, context, info) =>
      answeredOnTheWay(context, info, (read) => attachUserData(context, input, read)),
  },
  PAYLOAD,
);

builder.relayMutationField(
  'updateUserData',
  {
    description: 'What to change in which call.',
    inputFields: (t) => ({
      ...callFields(t),
      userData: t.field({
        type: 'JSON',
        required: true,
        description: 'The pairs to change; other keys stay.',
      }),
    }),
  },
  {
    description:
      'Changes pairs of a call’s user data, and adds those that are missing. Scope CONTROL.',
    resolve: (_, { input }, context, info) =>
      answeredOnTheWay(context, info, (read) => updateUserData(context, input, read)),
  },
  PAYLOAD,
);

builder.relayMutationField(
  'deleteUserDataPair',
  {
    description: 'Which pair of which call.',
    inputFields: (t) => ({
      ...callFields(t),
      key: t.string({
        required: true,
        description: 'The key to take away; one that is not there is no error.',
      }),
    }),
  },
  {
    description:
      'Takes one pair out of a call’s user data, and out of what the log has kept. Scope CONTROL.',
    resolve: (_, { input }, context, info) =>
      answeredOnTheWay(context, info, (read) => deleteUserDataPair(context, input, read)),
  },
  PAYLOAD,
);

builder.relayMutationField(
  'deleteUserData',
  { description: 'Whose user data to delete.', inputFields: callFields },
  {
    description:
      'Deletes all user data of a call: on the switch, here, and in what the log has kept, with the digits that were pressed in it. Scope CONTROL.',
    resolve: (_, { input }, context, info) =>
      answeredOnTheWay(context, info, (read) => deleteUserData(context, input, read)),
  },
  PAYLOAD,
);
