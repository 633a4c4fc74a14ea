import type { ResultOf } from 'gql.tada';
import { GatewayError } from '../../model/errors.ts';
import { type Route, route } from '../dialect.ts';
import { graphql } from '../graphql.ts';
import type { LegacyRequest } from '../legacy-request.ts';
import { baseOf, collection, listed, single } from './answer.ts';
import { callResource } from './call-resource.ts';
import { channelResource, deviceResource } from './device-resource.ts';

const GetMe = graphql(`
  query GenesysMe($calls: Boolean!) {
    viewer {
      id username displayName accountType organization
      agentState { state reason }
      devices { id number label device { doNotDisturb forwardTo capabilities } }
      calls(states: [DIALING, RINGING, CONNECTED, HELD], onPhone: true, first: 200) @include(if: $calls) { nodes {
        id state callType ani dnis duration userData recordingState parentId consultationIds capabilities
        participants { number state muted role ringingAt answeredAt leftAt extension { id number kind owner { id } } }
        identifiers { scheme value } parentIdentifiers { scheme value }
      } }
    }
  }
`);

type Viewer = ResultOf<typeof GetMe>['viewer'];

/** Everything that `subresources` can ask for. */
export const SUBRESOURCES = [
  'devices',
  'channels',
  'calls',
  'skills',
  'interactions',
  'settings',
] as const;

function wantedOf(request: LegacyRequest): readonly string[] {
  const wanted = listed(request, 'subresources') ?? [];
  return wanted.includes('*') ? SUBRESOURCES : wanted;
}

/** What there is below a user. */
const PARTS: Readonly<Record<string, (viewer: Viewer, base: string) => unknown>> = {
  devices: ({ devices, agentState }, base) =>
    devices.map((device) => deviceResource(device, agentState, base)),
  channels: ({ agentState }, base) => [channelResource(agentState, base)],
  calls: (viewer, base) => callsOf(viewer, base),
  skills: () => [],
  interactions: () => [],
  chats: () => [],
  features: () => FEATURES,
  settings: () => ({}),
};

function subresourcesOf(viewer: Viewer, request: LegacyRequest): object {
  const wanted = wantedOf(request);
  const asked = Object.entries(PARTS).filter(([name]) => wanted.includes(name));
  return Object.fromEntries(asked.map(([name, part]) => [name, part(viewer, baseOf(request.url))]));
}

/** The user. `settings` always: clients index into it. */
function userResource(viewer: Viewer, request: LegacyRequest) {
  const base = baseOf(request.url);
  const { id, username, displayName } = viewer;
  const [firstName = '', ...rest] = (displayName ?? username).split(' ');
  return {
    id,
    userName: username,
    firstName,
    lastName: rest.join(' '),
    emailAddress: '',
    roles: viewer.accountType === 'USER' ? ['ROLE_AGENT'] : ['ROLE_AGENT', 'ROLE_ADMIN'],
    enabled: true,
    changePasswordOnFirstLogin: false,
    contactCenterId: viewer.organization,
    uri: `${base}/users/${id}`,
    path: `/users/${id}`,
    settings: {},
  };
}

const answerWith = (viewer: Viewer, request: LegacyRequest) =>
  single(request, 'user', userResource(viewer, request), subresourcesOf(viewer, request));

const FEATURES = [{ id: 'api-voice', displayName: 'API Voice' }];

const callsOf = ({ id, calls }: Viewer, base: string) =>
  (calls?.nodes ?? [])
    .flatMap((call) => callResource(call, { userId: id, base }) ?? [])
    .filter(({ state }) => state !== 'Released');

/** What every route below asks for. */
const asking = {
  document: GetMe,
  refusedAs: {},
  variables: (request: LegacyRequest) => ({ calls: wantedOf(request).includes('calls') }),
};

const devicesOf = ({ devices, agentState }: Viewer, request: LegacyRequest) =>
  devices.map((device) => deviceResource(device, agentState, baseOf(request.url)));

/** The user, its devices and its channels. */
export const meRoutes: readonly Route[] = [
  route({
    methods: ['GET'],
    path: '/me',
    ...asking,
    respond: ({ viewer }, request) => answerWith(viewer, request),
  }),
  // By the address that the user has; others' are not there.
  route({
    methods: ['GET'],
    path: '/users/:id',
    ...asking,
    refusedAs: { id: 'USER_NOT_FOUND' },
    respond: ({ viewer }, request, { id }) => {
      if (viewer.id !== id.toLowerCase()) throw new GatewayError('USER_NOT_FOUND');
      return answerWith(viewer, request);
    },
  }),
  route({
    methods: ['GET'],
    path: '/me/devices',
    ...asking,
    respond: ({ viewer }, request) => collection(request, 'devices', devicesOf(viewer, request)),
  }),
  route({
    methods: ['GET'],
    path: '/me/devices/:id',
    ...asking,
    refusedAs: { id: 'EXTENSION_NOT_FOUND' },
    respond: ({ viewer }, request, { id }) => {
      const device = devicesOf(viewer, request).find((one) => one.id === id.toLowerCase());
      if (!device) throw new GatewayError('EXTENSION_NOT_FOUND', 'The device is not found.');
      return single(request, 'device', device);
    },
  }),
  route({
    methods: ['GET'],
    path: '/me/channels',
    ...asking,
    respond: ({ viewer }, request) =>
      collection(request, 'channels', [channelResource(viewer.agentState, baseOf(request.url))]),
  }),
  route({
    methods: ['GET'],
    path: '/me/channels/voice',
    ...asking,
    respond: ({ viewer }, request) =>
      single(request, 'channel', channelResource(viewer.agentState, baseOf(request.url))),
  }),
];
