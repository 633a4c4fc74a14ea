import { issueOwnToken, revokeOwnToken } from '../operations/own-token.ts';
import { builder } from './builder.ts';

builder.relayMutationField(
  'issueToken',
  {
    description: 'For how long; it is for whoever asks.',
    inputFields: (t) => ({
      hours: t.int({ description: 'How many hours it lasts, 1 to 24; default: 1.' }),
    }),
  },
  {
    description:
      'Gives whoever has logged in by a password or an api key a bearer token, with the same scopes.',
    resolve: (_, { input }, context) => issueOwnToken(context, input.hours ?? undefined),
  },
  {
    description: 'The token.',
    outputFields: (t) => ({
      token: t.string({
        description: 'Its text, 32 letters and digits: shown only now.',
        resolve: ({ token }) => token,
      }),
      expiresAt: t.field({
        type: 'DateTime',
        description: 'Until when it is good.',
        resolve: ({ expiresAt }) => expiresAt,
      }),
    }),
  },
);

builder.relayMutationField(
  'revokeToken',
  { description: 'Nothing: it is the token of this request.', inputFields: () => ({}) },
  {
    description: 'Revokes the token by which this request was made; its subscriptions end.',
    resolve: (_, _args, context) => revokeOwnToken(context),
  },
  {
    description: 'That it was done.',
    outputFields: (t) => ({
      isRevoked: t.boolean({ description: 'Always true.', resolve: (done) => done }),
    }),
  },
);
