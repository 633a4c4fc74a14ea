import type { GraphQLResolveInfo } from 'graphql';
import { DEVICE_CAPABILITIES, type DeviceView } from '../model/diversion.ts';
import { GatewayError } from '../model/errors.ts';
import type { Context } from '../operations/context.ts';
import { type DeviceReceipt, setDoNotDisturb, setForwarding } from '../operations/divert-calls.ts';
import { readDevice } from '../operations/read-device.ts';
import { readExtensionsById } from '../store/queries/read.ts';
import { builder } from './builder.ts';
import { describedEnum } from './enums.ts';
import { type Fields, onceField } from './mutation.ts';
import { OWNER } from './owner.ts';
import { ExtensionRef } from './refs.ts';
import { selectionOf } from './selection.ts';
import { extensionShape } from './shapes.ts';

const DeviceCapabilityRef = describedEnum(
  'DeviceCapability',
  'What can be done with a telephone, where its switch is capable of it.',
  DEVICE_CAPABILITIES,
  {
    PLACE: '`placeCall`.',
    DO_NOT_DISTURB: '`setDoNotDisturb`.',
    FORWARD: '`setForwarding`.',
  },
);

const DeviceRef = builder.objectRef<DeviceView>('Device').implement({
  description: 'An extension as a telephone.',
  fields: (t) => ({
    doNotDisturb: t.exposeBoolean('doNotDisturb', {
      description: 'Whether calls to it are refused as busy.',
    }),
    forwardTo: t.exposeString('forwardTo', {
      nullable: true,
      description:
        'Where calls to it go at once: an extension in full, or an outside number; null when they are not forwarded.',
    }),
    capabilities: t.field({
      type: [DeviceCapabilityRef],
      description: 'What can be done with it.',
      resolve: ({ capabilities }) => [...capabilities],
    }),
  }),
});

builder.objectField(ExtensionRef, 'device', (t) =>
  t.field({
    type: DeviceRef,
    nullable: true,
    description: 'It as a telephone; null when it is none, or not yours to know.',
    resolve: (extension, _, context) => readDevice(context, extension),
  }),
);

const deviceFields = (t: Fields) => ({
  owner: t.string({ description: OWNER }),
  extension: t.string({ description: 'The telephone’s extension, in full or short form.' }),
  extensionId: t.id({ description: 'Its id, instead of `extension`.' }),
  ...onceField(t),
});

async function extensionOf(
  { database, visibility }: Context,
  { extensionId }: DeviceReceipt,
  info: GraphQLResolveInfo,
) {
  const shape = extensionShape(selectionOf(info));
  const [extension] = await readExtensionsById(database, [extensionId], shape, visibility);
  if (extension) return extension;
  throw new GatewayError('EXTENSION_NOT_FOUND', 'The extension was deleted meanwhile.');
}

builder.relayMutationField(
  'setDoNotDisturb',
  {
    description: 'Of which telephone, and whether.',
    inputFields: (t) => ({
      ...deviceFields(t),
      on: t.boolean({ required: true, description: 'Whether calls to it are refused as busy.' }),
    }),
  },
  {
    description:
      'Has new calls to a telephone refused as busy, or lets them ring again. Scope CONTROL.',
    resolve: (_, { input }, context) => setDoNotDisturb(context, input),
  },
  {
    description: 'The telephone.',
    outputFields: (t) => ({
      extension: t.field({
        type: ExtensionRef,
        description: 'Its extension.',
        resolve: (receipt, _, context, info) => extensionOf(context, receipt, info),
      }),
    }),
  },
);

builder.relayMutationField(
  'setForwarding',
  {
    description: 'Of which telephone, and whereto.',
    inputFields: (t) => ({
      ...deviceFields(t),
      to: t.string({
        description:
          'An extension in full or short form, or an outside number. Null or absent: calls ring again.',
      }),
    }),
  },
  {
    description:
      'Has new calls to a telephone go to another number at once, whatever else is set; from there they go no further. Scope CONTROL.',
    resolve: (_, { input }, context) => setForwarding(context, input),
  },
  {
    description: 'The telephone.',
    outputFields: (t) => ({
      extension: t.field({
        type: ExtensionRef,
        description: 'Its extension.',
        resolve: (receipt, _, context, info) => extensionOf(context, receipt, info),
      }),
    }),
  },
);
