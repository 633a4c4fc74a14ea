/** What all subscribers of the measurements ask: a call with its parties, as a phone's display needs it. */
export const FOLLOW = `subscription Follow($after: Position, $filter: CallChangeFilter) {
  callChanges(after: $after, filter: $filter) {
    __typename
    ... on FeedEntry { position }
    ... on CallSnapshot { call { id state } }
    ... on CallChanged {
      kind occurredAt
      call {
        id state direction ani dnis offeredAt answeredAt endedAt disposition userData
        participants { number role state answeredAt }
      }
    }
    ... on CallDeleted { callId }
    ... on FeedGap { reason }
  }
}`;
