import { GatewayError } from '../../model/errors.ts';
import { type Route, route } from '../dialect.ts';
import { graphql } from '../graphql.ts';
import { jsonObjectOf, type LegacyRequest } from '../legacy-request.ts';
import { success } from './answer.ts';
import { callIdIn, destinationOf, optionalObject, optionalText, textOf } from './body.ts';

const Dial = graphql(`
  mutation GenesysDial($input: PlaceCallInput!) { placeCall(input: $input) { clientMutationId } }
`);

const SetDisposition = graphql(`
  mutation GenesysSetCallDisposition($input: AttachUserDataInput!) {
    attachUserData(input: $input) { clientMutationId }
  }
`);

const SetDoNotDisturb = graphql(`
  mutation GenesysSetDoNotDisturb($input: SetDoNotDisturbInput!) {
    setDoNotDisturb(input: $input) { clientMutationId }
  }
`);

const SetForwarding = graphql(`
  mutation GenesysSetForwarding($input: SetForwardingInput!) {
    setForwarding(input: $input) { clientMutationId }
  }
`);

/** Under which key a call's disposition is attached when the request names none. */
const DISPOSITION = 'DispositionCode';

/** A call is named by its `callUuid`, by its `callUri`, or by both. Throws `GatewayError` BAD_INPUT when these are two. */
function callOf(request: LegacyRequest): string {
  const [uuid, uri] = [optionalText(request, 'callUuid'), optionalText(request, 'callUri')];
  if (uri === null) return textOf(request, 'callUuid');
  const id = callIdIn(uri);
  if (uuid === null || uuid === id) return id;
  throw new GatewayError('BAD_INPUT', 'The parameters callUuid and callUri name two calls.');
}

/** An operation that sets something of a telephone. */
const setting = (operation: string) =>
  ({
    methods: ['POST'],
    path: '/me/devices/:id',
    operation,
    refusedAs: { id: 'EXTENSION_NOT_FOUND' },
    respond: () => success(),
  }) as const;

/** Here, and here alone, the page has a number in place of an object; both are taken. */
function forwardingOf(request: LegacyRequest): string {
  const { destination } = jsonObjectOf(request);
  return typeof destination === 'object' ? destinationOf(request) : textOf(request, 'destination');
}

/** What can be done with a telephone of the user. */
export const deviceRoutes: readonly Route[] = [
  route({
    methods: ['POST'],
    path: '/me/devices/:id/calls',
    operation: 'Dial',
    document: Dial,
    refusedAs: { id: 'EXTENSION_NOT_FOUND' },
    variables: (request, { id }) => ({
      input: {
        extensionId: id,
        to: destinationOf(request),
        userData: optionalObject(request, 'userData'),
      },
    }),
    respond: () => success(),
  }),
  route({
    methods: ['POST'],
    path: '/me/devices/:id',
    operation: 'SetCallDisposition',
    document: SetDisposition,
    refusedAs: { id: 'EXTENSION_NOT_FOUND' },
    variables: (request, { id }) => {
      const key = optionalText(request, 'dispositionKey') ?? DISPOSITION;
      const userData = optionalObject(request, 'userData') ?? {};
      return {
        input: {
          identifier: { scheme: 'GENESYS' as const, value: callOf(request) },
          extensionId: id,
          userData: { ...userData, [key]: textOf(request, 'disposition') },
        },
      };
    },
    respond: () => success(),
  }),
  ...([true, false] as const).map((on) =>
    route({
      ...setting(on ? 'DoNotDisturbOn' : 'DoNotDisturbOff'),
      document: SetDoNotDisturb,
      variables: (_, { id }) => ({ input: { extensionId: id, on } }),
    }),
  ),
  route({
    ...setting('ForwardCallsOn'),
    document: SetForwarding,
    variables: (request, { id }) => ({
      input: { extensionId: id, to: forwardingOf(request) },
    }),
  }),
  route({
    ...setting('ForwardCallsOff'),
    document: SetForwarding,
    variables: (_, { id }) => ({ input: { extensionId: id, to: null } }),
  }),
];
