import { z } from 'zod';
import { GatewayError } from '../../model/errors.ts';
import { shortNumberOf } from '../../model/extension.ts';
import { isCallerName, isDialable } from '../../model/phone-number.ts';
import { type Route, route } from '../dialect.ts';
import { graphql } from '../graphql.ts';
import type { LegacyRequest } from '../legacy-request.ts';
import { CALL, CALL_FIELDS, callResource, NONCE } from './call-resource.ts';
import { only } from './collection.ts';
import { Fault } from './fault.ts';
import { documented } from './openapi/docs.ts';
import { numberIn, readPayload, text } from './payload.ts';
import { fieldsOf } from './standard-parameters.ts';

const CreateSimplePhoneCall = graphql(`
  mutation VoipnowCreateSimplePhoneCall($input: PlaceCallInput!) {
    placeCall(input: $input) { call { ${CALL} } }
  }
`);

const NUMBERS_RULE = 'must be a number that can be dialled, or a list of them';
const dialable = text(NUMBERS_RULE).refine(isDialable, { error: NUMBERS_RULE });
/** Pages print lists, and 4PSA's own samples send plain texts. */
const numbers = z
  .union([dialable.transform((one) => [one]), z.array(dialable).min(1)], { error: NUMBERS_RULE })
  .describe('A number, or a list of them.');
const CALLER_RULE = 'must be a text such as John Doe <4242425>';
const callerId = text(CALLER_RULE)
  .max(128, { error: CALLER_RULE })
  .nullish()
  .describe('Such as `John Doe <4242425>`.');

const VIEW_RULE = 'must be a list of one object';
const View = z.object(
  {
    source: numbers.optional(),
    destination: numbers,
    callerId,
    callerID: callerId,
    callerDestination: callerId,
  },
  { error: VIEW_RULE },
);

const listOf = (sent: unknown) =>
  typeof sent === 'object' && sent !== null && !Array.isArray(sent) ? [sent] : sent;

/** Create Simple PhoneCalls, the payload. */
export const CreateCallBody = z.object({
  extension: text('must be the number of an extension').describe(
    'Who calls, in full or short form.',
  ),
  phoneCallView: z
    .preprocess(listOf, z.array(View, { error: VIEW_RULE }).length(1, { error: VIEW_RULE }))
    .describe('Who calls whom: a list of one view, or the view alone.'),
  nonce: text('must be a text of at most 255 characters')
    .max(255)
    .nullish()
    .describe('Comes back with the call.'),
});

/** Create Simple PhoneCalls. */
export const createCallRoute: Route = documented(
  {
    tag: 'PhoneCalls',
    summary: 'Place a call.',
    query: ['fields', 'waitForPickup', 'allowPublicTransfer', 'video'],
    body: CreateCallBody,
    gives: ['PhoneCall'],
  },
  route({
    methods: ['POST'],
    path: '/phoneCalls/:userId/simple',
    document: CreateSimplePhoneCall,
    refusedAs: { userId: 'USER_NOT_FOUND' },
    variables: (request, { userId }) => {
      fieldsOf(request.query, CALL_FIELDS); // before anything rings
      return { input: { owner: userId, ...wanted(request) } };
    },
    respond: ({ placeCall: { call } }, request, { userId }) => {
      const { extension } = readPayload(CreateCallBody, request, wordOf);
      const resource = callResource(call, request, { userId, extension });
      return Response.json([only(fieldsOf(request.query, CALL_FIELDS), resource)]);
    },
  }),
);

const wordOf = (field: string) =>
  field === 'extension' ? 'extension_invalid' : `pc_${field.toLowerCase()}_invalid`;

/** What is to be placed, or what no switch of ours can do. */
function wanted(request: LegacyRequest) {
  const { extension, phoneCallView, nonce } = readPayload(CreateCallBody, request, wordOf);
  if (extension === '@self') throw new GatewayError('EXTENSION_NOT_FOUND');
  const [view] = phoneCallView;
  const { source = [extension], destination = [] } = view ?? {};
  const isItself = (number: string) => isSameExtension(number, extension);
  const [to, another] = destination;
  if (!source.every(isItself) || to === undefined || another !== undefined) {
    throw new GatewayError('NOT_SUPPORTED', 'A call goes from its extension to one number.');
  }
  if (request.query.get('callDuration')) {
    throw new GatewayError('NOT_SUPPORTED', 'No switch can be told how long a call may last.');
  }
  checkFlags(request.query);
  return {
    ...{ extension, to, ringSeconds: secondsOf(request.query), callerName: nameOf(view) },
    userData: typeof nonce === 'string' ? { [NONCE]: nonce } : null,
  };
}

/** In short form when one of them is: full numbers that differ are two users' extensions. */
const isSameExtension = (one: string, other: string) =>
  one === other || (isShort(one) !== isShort(other) && shortNumberOf(one) === shortNumberOf(other));

const isShort = (number: string) => shortNumberOf(number) === number;

/** The name alone: whose number a call is from is for the switch to say. */
function nameOf(view: z.output<typeof View> | undefined): string | null {
  // What the destination sees; the other is for the source, who is the caller himself.
  const sent = view?.callerDestination ?? view?.callerId ?? view?.callerID ?? '';
  const name = sent.replace(/\s*<[^<>]*>\s*$/, '').trim();
  if (name === '' || isDialable(name)) return null;
  if (isCallerName(name)) return name;
  throw new Fault('pc_callerid_invalid', `The callerId ${CALLER_RULE}.`);
}

const seconds = numberIn(1, 300);

/** The page's standard is 25 s; ours is the switch's. */
function secondsOf(query: URLSearchParams): number | null {
  const sent = query.get('waitForPickup');
  if (!sent) return null;
  const read = seconds.safeParse(sent);
  if (read.success) return read.data;
  throw new Fault('pc_waitforpickup_invalid', 'The waitForPickup must be a number from 1 to 300.');
}

/** What they ask for is left to the switch; what they say must be an answer. */
function checkFlags(query: URLSearchParams): void {
  for (const name of ['allowPublicTransfer', 'video']) {
    if (/^(?:true|false|1|0|)$/i.test(query.get(name) ?? '')) continue;
    throw new Fault(`pc_${name.toLowerCase()}_invalid`, `The ${name} must be true or false.`);
  }
}
