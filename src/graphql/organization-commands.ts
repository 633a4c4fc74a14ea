import { setRetention } from '../operations/retention.ts';
import { setGetAllowed } from '../operations/set-get-allowed.ts';
import { builder } from './builder.ts';
import { onceField } from './mutation.ts';

const OF_ORGANIZATION =
  'Of which organization: its id, or its key in import files. Absent means your own, and only an ADMINISTRATOR names another.';

builder.relayMutationField(
  'setRetention',
  {
    description: 'How long calls are kept.',
    inputFields: (t) => ({
      days: t.int({
        description:
          '1 to 36500 days after their end; null keeps them for ever, and absent is refused.',
      }),
      organizationId: t.id({ description: OF_ORGANIZATION }),
      ...onceField(t),
    }),
  },
  {
    description:
      'Says how long an organization’s calls are kept after their end. While any is under legal hold, that grows only: LEGAL_HOLD. Scope MANAGE, for an ORGANIZATION or an ADMINISTRATOR.',
    resolve: (_, { input }, context) => setRetention(context, input),
  },
  {
    description: 'How long calls are kept now.',
    outputFields: (t) => ({
      days: t.int({
        nullable: true,
        description: 'Days after their end; null for ever.',
        resolve: ({ retentionDays }) => retentionDays,
      }),
    }),
  },
);

builder.relayMutationField(
  'setGetAllowed',
  {
    description: 'Whether GET is allowed.',
    inputFields: (t) => ({
      allowed: t.boolean({ required: true, description: 'False turns it off.' }),
      organizationId: t.id({ description: OF_ORGANIZATION }),
      ...onceField(t),
    }),
  },
  {
    description:
      'Says whether an organization’s api keys are taken by GET, in URLs that many logs keep: Verba’s. Scope MANAGE, for an ORGANIZATION or an ADMINISTRATOR.',
    resolve: (_, { input }, context) => setGetAllowed(context, input),
  },
  {
    description: 'How it is now.',
    outputFields: (t) => ({
      allowed: t.boolean({
        description: 'Whether GET is allowed.',
        resolve: (receipt) => receipt.allowed,
      }),
    }),
  },
);
