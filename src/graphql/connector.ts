import { type ConnectorView, listConnectors } from '../operations/list-connectors.ts';
import { builder } from './builder.ts';
import { LinkOwnerRef, LinkStateRef } from './enums.ts';

const ConnectorRef = builder.objectRef<ConnectorView>('Connector').implement({
  description: 'A telephone switch of the configuration, and the link to it.',
  fields: (t) => ({
    id: t.id({
      description: 'Its name in the configuration; `connector` of its calls.',
      resolve: ({ carrier }) => carrier.id,
    }),
    kind: t.string({
      description: 'What it is, such as `kamailio`, `asterisk` or `simulator`.',
      resolve: ({ carrier }) => carrier.kind,
    }),
    link: t.field({
      type: LinkStateRef,
      description: 'How the link to it is, whichever process has it.',
      resolve: ({ carrier }) => carrier.link,
    }),
    owner: t.field({
      type: LinkOwnerRef,
      description: 'Which process has the link.',
      resolve: ({ carrier }) => carrier.owner,
    }),
    since: t.field({
      type: 'DateTime',
      description: 'Since when the link is so.',
      resolve: ({ carrier }) => carrier.since.toISOString(),
    }),
    lastError: t.string({
      nullable: true,
      description: 'Why there is no link, or was none last; null while it is UP.',
      resolve: ({ carrier }) => carrier.lastError,
    }),
    liveCalls: t.int({
      description:
        'How many of its calls are up, of all organizations, as far as they are recorded.',
      resolve: ({ liveCalls }) => liveCalls,
    }),
  }),
});

builder.queryField('connectors', (t) =>
  t.field({
    type: [ConnectorRef],
    description:
      'All telephone switches, in the order of the configuration. FORBIDDEN to all but administrators.',
    resolve: (_, _args, context) => listConnectors(context),
  }),
);
