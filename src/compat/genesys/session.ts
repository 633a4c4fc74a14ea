import { type Route, route } from '../dialect.ts';
import { graphql } from '../graphql.ts';
import { agentOperations } from './agent-states.ts';
import { success } from './answer.ts';
import { optionalText } from './body.ts';

const SetAgentState = graphql(`
  mutation GenesysSetAgentState($input: SetAgentStateInput!) {
    setAgentState(input: $input) { clientMutationId }
  }
`);

const changing = { document: SetAgentState, refusedAs: {}, respond: () => success() };

/** The session of an agent, and what it does in it. */
export const sessionRoutes: readonly Route[] = [
  // `channels`, `place`, `queue` and the like have no meaning with one channel and a fixed place.
  route({
    methods: ['POST'],
    path: '/me',
    operation: 'StartContactCenterSession',
    ...changing,
    variables: () => ({ input: { state: 'NOT_READY' as const } }),
  }),
  route({
    methods: ['POST'],
    path: '/me',
    operation: 'EndContactCenterSession',
    ...changing,
    variables: () => ({ input: { state: 'OFFLINE' as const } }),
  }),
  ...agentOperations.flatMap(([operation, state]) =>
    (['/me/channels/voice', '/me/channels'] as const).map((path) =>
      route({
        methods: ['POST'],
        path,
        operation,
        ...changing,
        variables: (request) => ({
          input: { state, reason: optionalText(request, 'reasonCode'), inSession: true },
        }),
      }),
    ),
  ),
];
