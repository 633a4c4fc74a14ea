import { graphql } from '../graphql.ts';
import { action } from './action.ts';

const RequestToken = graphql(`
  mutation VerbaRequestToken { issueToken(input: {}) { token } }
`);

/** API authentication: an hour's token for a login, as an attribute of `Response`. There is no session beside it. */
export const requestToken = action({
  operation: 'RequestToken',
  document: RequestToken,
  variables: () => ({}),
  payload: ({ issueToken: { token } }) => ({ attributes: { token }, text: token }),
});

const InvalidateToken = graphql(`
  mutation VerbaInvalidateToken { revokeToken(input: {}) { isRevoked } }
`);

/** No page of the HTTP API has it; its SOAP sister has ReleaseToken. */
export const invalidateToken = action({
  operation: 'InvalidateToken',
  document: InvalidateToken,
  variables: () => ({}),
});
