import { GatewayError } from '../../model/errors.ts';
import { shortNumberOf } from '../../model/extension.ts';
import { PRESENCE_STATUSES } from '../../model/presence.ts';
import type { Route } from '../dialect.ts';
import { graphql } from '../graphql.ts';
import { listing } from './listing.ts';
import { documented, STANDARD } from './openapi/docs.ts';
import type { VoipnowSettings } from './settings.ts';

const ListPresence = graphql(`
  query VoipnowListPresence(
    $owner: String, $numbers: [String!], $first: Int, $after: String
  ) {
    extensions(owner: $owner, numbers: $numbers, first: $first, after: $after) {
      totalCount
      nodes { number presence }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`);

/** Presence service. */
export const presenceRoute = (settings: VoipnowSettings): Route =>
  documented(
    {
      tag: 'Presence',
      summary: 'See what extensions do.',
      query: STANDARD,
      gives: 'Presence',
      mayBeEmpty: true,
    },
    listing(settings, {
      path: '/extensions/:userId/:extension/presence',
      document: ListPresence,
      refusedAs: { userId: 'USER_NOT_FOUND', extension: 'EXTENSION_NOT_FOUND' },
      fields: { all: ['extension', 'status', 'registration'], filterable: ['extension'] },
      sortBy: 'extension',
      variables: ({ userId, extension }, paging) => {
        // "@self can be used only if the userId is different from @owner" (Presence Service).
        if (userId === '@owner' && extension === '@self')
          throw new GatewayError('EXTENSION_NOT_FOUND');
        return { owner: userId, numbers: extension === '@self' ? null : [extension], ...paging };
      },
      connectionOf: ({ extensions }) => extensions,
      resourceOf: ({ number, presence }) => ({
        extension: number,
        status: String(PRESENCE_STATUSES.indexOf(presence)),
        // 0 is "unknown": no switch tells which phones have registered.
        registration: [{ registration: '0' }],
      }),
      alias: ({ extension }) => ({ extension: shortNumberOf(String(extension)) }),
      narrow: (found, { extension }) => {
        if (extension === '@self') return found;
        const full = found.filter((resource) => resource['extension'] === extension);
        const meant = full.length > 0 ? full : found;
        if (meant.length === 1) return meant;
        throw new GatewayError('EXTENSION_NOT_FOUND');
      },
    }),
  );
