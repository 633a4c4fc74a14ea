import { type Route, route } from '../dialect.ts';
import { graphql } from '../graphql.ts';
import { success } from './answer.ts';
import { destinationOf, optionalObject, optionalText, textOf } from './body.ts';

const Dial = graphql(`
  mutation GenesysDial($input: PlaceCallInput!) { placeCall(input: $input) { clientMutationId } }
`);

const SetDisposition = graphql(`
  mutation GenesysSetCallDisposition($input: AttachUserDataInput!) {
    attachUserData(input: $input) { clientMutationId }
  }
`);

/** Under which key a call's disposition is attached when the request names none. */
const DISPOSITION = 'DispositionCode';

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
    variables: (request) => {
      const key = optionalText(request, 'dispositionKey') ?? DISPOSITION;
      const userData = optionalObject(request, 'userData') ?? {};
      return {
        input: {
          identifier: { scheme: 'GENESYS' as const, value: textOf(request, 'callUuid') },
          userData: { ...userData, [key]: textOf(request, 'disposition') },
        },
      };
    },
    respond: () => success(),
  }),
];
