import { GatewayError } from '../../model/errors.ts';
import type { Route } from '../dialect.ts';
import { graphql } from '../graphql.ts';
import type { LegacyRequest } from '../legacy-request.ts';
import { CALL_FIELDS, callResource, OWNED_CALL, type OwnedCallNode } from './call-resource.ts';
import { hangUpRoute } from './hang-up-calls.ts';
import { listing } from './listing.ts';
import { extensionOf, LIVE, type Place, shownBelow } from './live-calls.ts';
import { documented, STANDARD } from './openapi/docs.ts';
import type { VoipnowSettings } from './settings.ts';

const ListPhoneCalls = graphql(`
  query VoipnowListPhoneCalls(
    $owner: String, $extension: String, $filter: CallFilter,
    $first: Int, $after: String, $last: Int, $before: String
  ) {
    calls(
      owner: $owner, extension: $extension, filter: $filter,
      first: $first, after: $after, last: $last, before: $before
    ) {
      totalCount
      nodes { ${OWNED_CALL} }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`);

const OF_EXTENSION = { userId: 'USER_NOT_FOUND', extension: 'EXTENSION_NOT_FOUND' } as const;
const OF_CALL = { ...OF_EXTENSION, callId: 'CALL_NOT_FOUND' } as const;

const resourceOf = (call: OwnedCallNode, ...of: [LegacyRequest, Place]) =>
  callResource(call, ...of);

/** PhoneCalls service. */
export const phoneCallRoutes = (settings: VoipnowSettings): readonly Route[] => [
  documented(
    {
      tag: 'PhoneCalls',
      summary: 'List live calls.',
      query: STANDARD,
      gives: 'PhoneCalls',
      mayBeEmpty: true,
    },
    listing(settings, {
      path: '/phoneCalls/:userId/:extension',
      document: ListPhoneCalls,
      refusedAs: OF_EXTENSION,
      fields: CALL_FIELDS,
      variables: ({ userId, extension }, paging) => ({
        owner: userId,
        extension: extensionOf(userId, extension, undefined),
        filter: { states: [...LIVE] },
        ...paging,
      }),
      connectionOf: ({ calls }) => calls,
      meant: shownBelow,
      resourceOf,
    }),
  ),
  documented(
    {
      tag: 'PhoneCalls',
      summary:
        'Look at a call; one that has ended, or that the extension has left to others, is an empty list.',
      query: STANDARD,
      gives: 'PhoneCalls',
      mayBeEmpty: true,
    },
    listing(settings, {
      path: '/phoneCalls/:userId/:extension/:callId',
      document: ListPhoneCalls,
      refusedAs: OF_CALL,
      fields: CALL_FIELDS,
      variables: ({ userId, extension, callId }, paging) => ({
        owner: userId,
        extension: extensionOf(userId, extension, callId),
        filter: { identifier: { scheme: 'VOIPNOW' as const, value: callId } },
        ...paging,
      }),
      connectionOf: ({ calls }) => {
        if (calls.nodes.length === 0) throw new GatewayError('CALL_NOT_FOUND');
        return calls;
      },
      // What has ended is none "in the system at a given time", nor an extension's what goes on without it: who polls
      // a call hears that it has gone.
      meant: async (execute, place) => {
        const isTheirs = await shownBelow(execute, place);
        return (call) => call.state !== 'ENDED' && (isTheirs?.(call) ?? true);
      },
      resourceOf,
    }),
  ),
  hangUpRoute,
];
