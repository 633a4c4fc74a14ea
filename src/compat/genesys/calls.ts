import { type Route, route } from '../dialect.ts';
import { graphql } from '../graphql.ts';

// Only what always is there is selected: the answer says no more than that it was done.
const DeleteUserData = graphql(`
  mutation GenesysDeleteUserData($input: DeleteUserDataInput!) {
    deleteUserData(input: $input) { clientMutationId }
  }
`);

/** Voice API: operations on a call. */
export const callRoutes: readonly Route[] = [
  route({
    methods: ['POST'],
    path: '/me/calls/:id',
    operation: 'DeleteUserData',
    document: DeleteUserData,
    refusedAs: { id: 'CALL_NOT_FOUND' },
    variables: (_, { id }) => ({
      input: { identifier: { scheme: 'GENESYS' as const, value: id } },
    }),
    respond: () => Response.json({ statusCode: 0 }),
  }),
];
