import { graphql } from '../graphql.ts';
import { action } from './action.ts';
import { selectorOf } from './selector.ts';

const DeleteCall = graphql(`
  mutation VerbaDeleteCall($selector: CallSelector!) {
    deleteCall(input: { selector: $selector }) { outcome }
  }
`);

/** Delete Call: deletes a conversation, or marks an ongoing one for deletion. */
export const deleteCall = action({
  operation: 'DeleteCall',
  document: DeleteCall,
  variables: (request) => ({ selector: selectorOf(request) }),
});
