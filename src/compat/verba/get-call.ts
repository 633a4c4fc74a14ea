import { GatewayError } from '../../model/errors.ts';
import { nameIn } from '../../model/identifiers.ts';
import { graphql } from '../graphql.ts';
import { action } from './action.ts';
import { cdrOf, fieldsOf } from './cdr.ts';
import { selectorOf } from './selector.ts';

const GetCall = graphql(`
  query VerbaGetCall($selector: CallSelector!) {
    call(selector: $selector) { id identifiers { scheme value } }
  }
`);

/** Get Call ID: beside `Response`, and as TEXT nothing else. */
export const getCallId = action({
  operation: 'GetCallID',
  document: GetCall,
  variables: (request) => ({ selector: selectorOf(request) }),
  payload: ({ call }) => {
    const id = nameIn('VERBA', present(call));
    return { beside: [{ name: 'CallID', content: id }], text: id };
  },
});

/** Get Call URL: where people see the call, here in GraphiQL. */
export const getCallUrl = action({
  operation: 'GetCallURL',
  document: GetCall,
  variables: (request) => ({ selector: selectorOf(request) }),
  payload: ({ call }, { url }) => {
    const query = `{ call(id: "${present(call).id}") { ${SHOWN} } }`;
    const there = new URL('/graphql', url);
    there.searchParams.set('query', query);
    return { beside: [{ name: 'CallURL', content: there.href }], text: there.href };
  },
});

const SHOWN = 'id state ani dnis offeredAt endedAt participants { role number name }';

const GetCallInformation = graphql(`
  query VerbaGetCallInformation($selector: CallSelector!) {
    call(selector: $selector) {
      id state direction ani dnis offeredAt endedAt disposition heldForLegal userData
      identifiers { scheme value } participants { role number name }
    }
  }
`);

/** Get Call Information: the record inside of `Response`. */
export const getCallInformation = action({
  operation: 'GetCallInformation',
  document: GetCallInformation,
  variables: (request) => ({ selector: selectorOf(request) }),
  payload: (data) => {
    const call = present(data.call);
    const table = () => ({ header: ['Field', 'Value'], rows: fieldsOf(call) });
    return { inside: [cdrOf(call)], table };
  },
});

function present<Call>(call: Call | null): Call {
  if (call) return call;
  throw new GatewayError('CALL_NOT_FOUND');
}
