import { GatewayError } from '../../model/errors.ts';
import { type Route, route } from '../dialect.ts';
import { graphql } from '../graphql.ts';
import type { LegacyRequest } from '../legacy-request.ts';
import { answer, checkResponseType } from './answer.ts';
import { parameterOf } from './parameters.ts';

const DeleteCall = graphql(`
  mutation VerbaDeleteCall($selector: CallSelector!) {
    deleteCall(input: { selector: $selector }) { outcome }
  }
`);

const OPERATION = 'DeleteCall';

/** Delete Call: deletes a conversation, or marks an ongoing one for deletion. */
export const deleteCallRoutes: readonly Route[] = [
  route({
    methods: ['GET', 'POST'],
    path: '',
    operation: OPERATION,
    document: DeleteCall,
    refusedAs: {},
    variables: (request) => {
      checkResponseType(request);
      return { selector: selectorOf(request) };
    },
    respond: (_, request) => answer(request, { code: 0, type: OPERATION }),
  }),
];

/** The parameters that name a call, the first that is given wins. */
const SCHEMES = [
  ['callID', 'VERBA'],
  ['platformCallID', 'PLATFORM'],
  ['nativeID', 'NATIVE'],
  ['meetingID', 'MEETING'],
] as const;

const STATUSES = { ongoing: 'ONGOING', last: 'LAST', next: 'NEXT' } as const;

function selectorOf(request: LegacyRequest) {
  for (const [name, scheme] of SCHEMES) {
    const value = parameterOf(request, name);
    if (value !== undefined) return { identifier: { scheme, value } };
  }
  const extension = parameterOf(request, 'extension');
  if (extension === undefined) {
    const names = SCHEMES.map(([name]) => name).join(', ');
    throw new GatewayError('BAD_INPUT', `One of ${names} and extension is mandatory.`);
  }
  // A plus sign that was not escaped is a space in a query.
  return { number: extension.replace(/^ /, '+'), status: statusOf(request) };
}

function statusOf(request: LegacyRequest) {
  const sent = parameterOf(request, 'status');
  if (sent === undefined) {
    throw new GatewayError('BAD_INPUT', 'status is mandatory if extension is specified.');
  }
  return sent.split(',').map((one) => {
    const word = one.trim().toLowerCase();
    if (word === 'ongoing' || word === 'last' || word === 'next') return STATUSES[word];
    throw new GatewayError('BAD_INPUT', 'status must be a list of ongoing, last and next.');
  });
}
