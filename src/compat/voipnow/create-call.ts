import { GatewayError } from '../../model/errors.ts';
import { shortNumberOf } from '../../model/extension.ts';
import { type Route, route } from '../dialect.ts';
import { graphql } from '../graphql.ts';
import type { LegacyRequest } from '../legacy-request.ts';
import { CALL, createdCall } from './call-resource.ts';
import { CALLER_FIELDS } from './caller-id.ts';
import { mannerOf, numbers, payloadOf, readCreate } from './create-payload.ts';
import { Fault } from './fault.ts';
import { onlyOne } from './only-one.ts';
import { documented } from './openapi/docs.ts';

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
  const source = view?.source ?? [extension];
  const isItself = (number: string) => isSameExtension(number, extension);
  const [to, another] = destination;
  if (!source.every(isItself) || to === undefined || another !== undefined) {
    throw new GatewayError('NOT_SUPPORTED', 'A call goes from its extension to one number.');
  }
  checkFlags(request.query);
  return { extension, to, ...mannerOf(request, view, nonce) };
}

/** In short form when one of them is: full numbers that differ are two users' extensions. */
const isSameExtension = (one: string, other: string) =>
  one === other || (isShort(one) !== isShort(other) && shortNumberOf(one) === shortNumberOf(other));

const isShort = (number: string) => shortNumberOf(number) === number;

/** What they ask for is left to the switch; what they say must be an answer. */
function checkFlags(query: URLSearchParams): void {
  for (const name of ['allowPublicTransfer', 'video']) {
    const word = `pc_${name.toLowerCase()}_invalid`;
    if (/^(?:true|false|1|0|)$/i.test(onlyOne(query, name, word) ?? '')) continue;
    throw new Fault(word, `The ${name} must be true or false.`);
  }
}
