import { graphql } from '../graphql.ts';
import { action } from './action.ts';
import { selectorOf } from './selector.ts';

const KeepCall = graphql(`
  mutation VerbaKeepCall($selector: CallSelector!) {
    holdCallForLegal(input: { selector: $selector }) { clientMutationId }
  }
`);

/** Keep Call: what is kept is not deleted by its age, and here by nobody: `do_not_delete`. */
export const keepCall = action({
  operation: 'KeepCall',
  document: KeepCall,
  variables: (request) => ({ selector: selectorOf(request) }),
});
