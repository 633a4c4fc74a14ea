import { GatewayError } from '../../model/errors.ts';
import { type Route, route } from '../dialect.ts';
import { graphql } from '../graphql.ts';
import { jsonObjectOf, type LegacyRequest } from '../legacy-request.ts';
import { agentOperations } from './agent-states.ts';
import { success } from './answer.ts';
import { optionalText } from './body.ts';

const SetAgentState = graphql(`
  mutation GenesysSetAgentState($input: SetAgentStateInput!) {
    setAgentState(input: $input) { clientMutationId }
  }
`);

const changing = { document: SetAgentState, refusedAs: {}, respond: () => success() };

/** There is one channel: a session without it would be none. Throws `GatewayError` BAD_INPUT. */
function checkChannels(request: LegacyRequest): void {
  const { channels = null } = jsonObjectOf(request);
  if (channels === null || (Array.isArray(channels) && channels.includes('voice'))) return;
  throw new GatewayError('BAD_INPUT', 'The parameter channels must be an array that has "voice".');
}

/** The session of an agent, and what it does in it. */
export const sessionRoutes: readonly Route[] = [
  // `place`, `queue` and the like have no meaning with a fixed place.
  route({
    methods: ['POST'],
    path: '/me',
    operation: 'StartContactCenterSession',
    ...changing,
    variables: (request) => {
      checkChannels(request);
      return { input: { state: 'NOT_READY' as const } };
    },
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
