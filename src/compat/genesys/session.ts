import { GatewayError } from '../../model/errors.ts';
import { type Execute, type Route, route } from '../dialect.ts';
import { graphql } from '../graphql.ts';
import { jsonObjectOf, type LegacyRequest } from '../legacy-request.ts';
import { decodeName } from '../path-params.ts';
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

const GetDevices = graphql(`query GenesysDevices { viewer { devices { id } } }`);

/**
 * A device that is named must be one of those on which the session is: all of the user's. `place`, `loginCode` and
 * `queue` are taken and mean nothing here. Throws `GatewayError` EXTENSION_NOT_FOUND.
 */
async function checkDevice(request: LegacyRequest, execute: Execute): Promise<void> {
  const path = optionalText(request, 'devicePath');
  if (path === null) return;
  const [, sent = ''] = /\/devices\/([^/?#]+)\/?(?:[?#].*)?$/.exec(path) ?? [];
  const id = decodeName(sent) ?? '';
  const { viewer } = await execute(GetDevices, {});
  if (viewer.devices.some((device) => device.id === id.toLowerCase())) return;
  throw new GatewayError('EXTENSION_NOT_FOUND');
}

const start = {
  methods: ['POST'],
  operation: 'StartContactCenterSession',
  ...changing,
  variables: (request: LegacyRequest) => {
    checkChannels(request);
    return { input: { state: 'NOT_READY' as const } };
  },
};

const end = {
  methods: ['POST'],
  operation: 'EndContactCenterSession',
  ...changing,
  variables: () => ({ input: { state: 'OFFLINE' as const } }),
};

/** By the address that a user has: of others there is no session to begin or end. */
const byAddress = { path: '/users/:id', refusedAs: { id: 'USER_NOT_FOUND' } } as const;

const GetOneself = graphql(`query GenesysOneself { viewer { id } }`);

/** Throws `GatewayError` USER_NOT_FOUND. */
async function checkOneself(execute: Execute, id: string): Promise<void> {
  const { viewer } = await execute(GetOneself, {});
  if (viewer.id !== id.toLowerCase()) throw new GatewayError('USER_NOT_FOUND');
}

/** The session of an agent, and what it does in it. */
export const sessionRoutes: readonly Route[] = [
  route({
    ...start,
    path: '/me',
    permit: (execute, _params, request) => checkDevice(request, execute),
  }),
  route({ ...end, path: '/me' }),
  route({
    ...{ ...start, ...byAddress },
    permit: async (execute, { id }, request) => {
      await checkOneself(execute, id);
      await checkDevice(request, execute);
    },
  }),
  route({ ...end, ...byAddress, permit: (execute, { id }) => checkOneself(execute, id) }),
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
