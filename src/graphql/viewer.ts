import type { Principal } from '../auth/principal.ts';
import { readList } from '../operations/read.ts';
import { builder } from './builder.ts';
import { ExtensionConnection, extensionConnection } from './connections.ts';
import { AccountTypeRef, ScopeRef } from './enums.ts';
import { selectionOf } from './selection.ts';
import { extensionList } from './shapes.ts';

/** Who is asking; other nouns add their fields. */
export const ViewerRef = builder.objectRef<Principal>('Viewer').implement({
  description: 'Who is asking.',
  fields: (t) => ({
    id: t.exposeID('userId', { description: 'Tandem’s id of the user, a uuid.' }),
    number: t.exposeString('userNumber', { description: 'The id that legacy URIs use.' }),
    username: t.exposeString('username', { description: 'The name to log in with.' }),
    displayName: t.exposeString('displayName', {
      nullable: true,
      description: 'The name to show; null when there is none.',
    }),
    accountType: t.expose('accountType', {
      type: AccountTypeRef,
      description: 'How far the user sees.',
    }),
    organization: t.exposeString('organizationName', {
      description: 'The name of the user’s organization.',
    }),
    scopes: t.field({
      type: [ScopeRef],
      description: 'What these credentials allow.',
      resolve: ({ scopes }) => [...scopes],
    }),
    expiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When these credentials expire; null when they do not.',
      resolve: ({ expiresAt }) => expiresAt?.toISOString() ?? null,
    }),
    extensions: t.field({
      type: ExtensionConnection,
      description: 'The extensions that the user itself owns, by number.',
      args: t.arg.connectionArgs(),
      resolve: async ({ userId }, args, context, info) => {
        const list = { ...extensionList(args, selectionOf(info)), filter: { ownerId: userId } };
        return extensionConnection(await readList(context, list), list.page);
      },
    }),
  }),
});

builder.queryField('viewer', (t) =>
  t.field({
    type: ViewerRef,
    description: 'Who is asking.',
    resolve: (_, _args, { principal }) => principal,
  }),
);
