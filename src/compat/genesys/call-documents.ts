import type { ResultOf } from 'gql.tada';
import { graphql } from '../graphql.ts';

/** Calls of the user that are up. */
export const GetCalls = graphql(`
  query GenesysCalls {
    viewer {
      id
      calls(states: [DIALING, RINGING, CONNECTED, HELD], onPhone: true, first: 200) { nodes {
        id state callType ani dnis duration userData recordingState parentId consultationIds capabilities
        participants { number state muted role ringingAt answeredAt leftAt extension { id number kind owner { id } } }
        identifiers { scheme value } parentIdentifiers { scheme value }
      } }
    }
  }
`);

/** One call, whether it is up or not. */
export const GetCall = graphql(`
  query GenesysCall($id: String!) {
    viewer { id }
    call(identifier: { scheme: GENESYS, value: $id }) {
        id state callType ani dnis duration userData recordingState parentId consultationIds capabilities
        participants { number state muted role ringingAt answeredAt leftAt extension { id number kind owner { id } } }
        identifiers { scheme value } parentIdentifiers { scheme value }
    }
  }
`);

/** Everything that befalls the user's calls; of what is pressed in them GWS does not notify. */
export const FollowCalls = graphql(`
  subscription GenesysCallChanges($after: Position) {
    callChanges(
      after: $after
      filter: { kinds: [STATE, USER_DATA, PARTICIPANTS, RECORDING, DELETED] }
    ) {
      __typename
      ... on CallSnapshot { position call {
        id state callType ani dnis duration userData recordingState parentId consultationIds capabilities
        participants { number state muted role ringingAt answeredAt leftAt extension { id number kind owner { id } } }
        identifiers { scheme value } parentIdentifiers { scheme value }
      } }
      ... on CallChanged { position kind call {
        id state callType ani dnis duration userData recordingState parentId consultationIds capabilities
        participants { number state muted role ringingAt answeredAt leftAt extension { id number kind owner { id } } }
        identifiers { scheme value } parentIdentifiers { scheme value }
      } }
      ... on CallDeleted { position callId }
      ... on FeedBookmark { position }
      ... on FeedGap { position reason }
    }
  }
`);

/** A call as these documents ask for it. */
export type CallData = NonNullable<ResultOf<typeof GetCall>['call']>;

/** A message of the feed. */
export type FeedData = ResultOf<typeof FollowCalls>['callChanges'];
