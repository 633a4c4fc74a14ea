import { GatewayError } from '../../model/errors.ts';
import { type Route, route } from '../dialect.ts';
import { graphql } from '../graphql.ts';
import type { LegacyRequest } from '../legacy-request.ts';
import { CALL, createdCall } from './call-resource.ts';
import { CALLER_FIELDS } from './caller-id.ts';
import { mannerOf, numbers, payloadOf, readCreate } from './create-payload.ts';
import { Fault } from './fault.ts';
import { onlyOne } from './only-one.ts';
import { documented } from './openapi/docs.ts';
import { requireOwnSource } from './own-source.ts';
import { refusedEnd } from './refused-end.ts';

const CreateSimplePhoneCall = graphql(`
  mutation VoipnowCreateSimplePhoneCall($input: PlaceCallInput!) {
    placeCall(input: $input) { call { ${CALL} } }
  }
`);

/** Create Simple PhoneCalls, the payload. */
const Body = payloadOf(
  { source: numbers.nullish(), destination: numbers, ...CALLER_FIELDS },
  'Who calls, in full or short form.',
);

const RULE = 'A call goes from its extension to one number.';

/** Create Simple PhoneCalls. */
export const createCallRoute: Route = documented(
  {
    tag: 'PhoneCalls',
    summary: 'Place a call.',
    query: ['fields', 'waitForPickup', 'callDuration', 'allowPublicTransfer', 'video'],
    body: Body,
    gives: ['PhoneCall'],
  },
  route({
    methods: ['POST'],
    path: '/phoneCalls/:userId/simple',
    document: CreateSimplePhoneCall,
    refusedAs: { userId: 'USER_NOT_FOUND' },
    variables: (request, { userId }) => ({ input: { owner: userId, ...wanted(request) } }),
    permit: async (execute, { userId }, request) => {
      const { extension, phoneCallView } = readCreate(Body, request);
      const source = phoneCallView[0]?.source ?? [];
      const named = { owner: userId, extension, kind: 'TERMINAL', source } as const;
      await requireOwnSource(execute, named, RULE);
    },
    refused: refusedEnd({ to: 'destination' }),
    respond: ({ placeCall: { call } }, request, { userId }) => {
      const { extension } = readCreate(Body, request);
      return createdCall(call, request, { userId, extension });
    },
  }),
);

/** What is to be placed, or what no switch of ours can do. */
function wanted(request: LegacyRequest) {
  const { extension, phoneCallView, nonce } = readCreate(Body, request);
  const [view] = phoneCallView;
  const { destination = [] } = view ?? {};
  const [to, another] = destination;
  if (to === undefined || another !== undefined) throw new GatewayError('NOT_SUPPORTED', RULE);
  checkFlags(request.query);
  return { extension, to, ...mannerOf(request, view, nonce) };
}

/** What they ask for is left to the switch; what they say must be an answer. */
function checkFlags(query: URLSearchParams): void {
  for (const name of ['allowPublicTransfer', 'video']) {
    const word = `pc_${name.toLowerCase()}_invalid`;
    if (/^(?:true|false|1|0|)$/i.test(onlyOne(query, name, word) ?? '')) continue;
    throw new Fault(word, `The ${name} must be true or false.`);
  }
}
