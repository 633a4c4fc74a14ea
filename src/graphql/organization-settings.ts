import { type OrganizationSettings, readSettings } from '../operations/read-settings.ts';
import { builder } from './builder.ts';

const SettingsRef = builder.objectRef<OrganizationSettings>('OrganizationSettings').implement({
  description: 'What an organization has set for all of its calls and keys.',
  fields: (t) => ({
    organizationId: t.exposeID('organizationId', { description: 'Of which organization.' }),
    retentionDays: t.exposeInt('retentionDays', {
      nullable: true,
      description:
        'For how many days calls are kept after their end; null for ever. `setRetention` sets it.',
    }),
    getAllowed: t.exposeBoolean('getAllowed', {
      description:
        'Whether api keys are taken by GET, in URLs that many logs keep: Verba’s. `setGetAllowed` sets it.',
    }),
  }),
});

builder.queryField('organizationSettings', (t) =>
  t.field({
    type: SettingsRef,
    description:
      'What an organization has set, as it is now. FORBIDDEN to a USER, and to an ORGANIZATION of another one.',
    args: {
      organizationId: t.arg.id({
        description:
          'Of which organization: its id, or its key in import files. Absent means your own, and only an ADMINISTRATOR names another.',
      }),
    },
    resolve: (_, { organizationId }, context) => readSettings(context, organizationId),
  }),
);
