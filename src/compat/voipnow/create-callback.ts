import { GatewayError } from '../../model/errors.ts';
import { type Route, route } from '../dialect.ts';
import { graphql } from '../graphql.ts';
import { CALL, type CallNode, createdCall } from './call-resource.ts';
import { CALLER_FIELDS } from './caller-id.ts';
import { mannerOf, NUMBERS_RULE, numbers, payloadOf, readCreate } from './create-payload.ts';
import { Fault } from './fault.ts';
import type { Place } from './live-calls.ts';
import { documented } from './openapi/docs.ts';
import { requireOwnSource } from './own-source.ts';
import { refusedEnd } from './refused-end.ts';
import { refuseWishes } from './wishes.ts';

const CreateCallback = graphql(`
  mutation VoipnowCreateCallback($input: PlaceCallbackInput!) {
    placeCallback(input: $input) { call { ${CALL} } }
  }
`);
const CreateConferenceInvite = graphql(`
  mutation VoipnowCreateConferenceInvite($input: InviteToConferenceInput!) {
    inviteToConference(input: $input) { call { ${CALL} } }
  }
`);

const CallbackBody = payloadOf(
  { source: numbers, destination: numbers, ...CALLER_FIELDS },
  'The callback extension, in full or short form.',
);
const InviteBody = payloadOf(
  {
    source: numbers
      .nullish()
      .describe('The conference itself; without a destination, the number that is invited.'),
    destination: numbers.nullish().describe('The number that is invited.'),
    ...CALLER_FIELDS,
  },
  'The conference, in full or short form.',
);

/** Create Callback PhoneCalls: the source is rung, then the destination. */
const callbackRoute: Route = documented(
  {
    ...{ tag: 'PhoneCalls', summary: 'Call somebody, and put him through.' },
    ...{
      query: ['fields', 'waitForPickup', 'callDuration'],
      body: CallbackBody,
      gives: ['PhoneCall'],
    },
  },
  route({
    methods: ['POST'],
    path: '/phoneCalls/:userId/callback',
    document: CreateCallback,
    refusedAs: { userId: 'USER_NOT_FOUND' },
    variables: (request, { userId }) => {
      const { extension, phoneCallView, nonce } = readCreate(CallbackBody, request);
      const [view] = phoneCallView;
      const ends = { from: onlyOne(view?.source), to: onlyOne(view?.destination) };
      const manner = mannerOf(request, view, nonce);
      return { input: { owner: userId, extension, ...ends, ...manner } };
    },
    refused: refusedEnd({ from: 'source', to: 'destination' }),
    respond: ({ placeCallback: { call } }, request, { userId }) => {
      const { extension } = readCreate(CallbackBody, request);
      return createdCall(call, request, foundBelow(call, { userId, extension }));
    },
  }),
);

/** Create ConferenceInvite PhoneCalls: the destination is rung, and is in the conference when he answers. */
const conferenceInviteRoute: Route = documented(
  {
    ...{ tag: 'PhoneCalls', summary: 'Call somebody into a conference.' },
    ...{
      query: ['fields', 'waitForPickup', 'callDuration', 'number', 'pin'],
      body: InviteBody,
      gives: ['PhoneCall'],
    },
  },
  route({
    methods: ['POST'],
    path: '/phoneCalls/:userId/conferenceInvite',
    document: CreateConferenceInvite,
    refusedAs: { userId: 'USER_NOT_FOUND' },
    variables: (request, { userId }) => {
      const { extension, phoneCallView, nonce } = readCreate(InviteBody, request);
      const [view] = phoneCallView;
      // Whoever is called into one conference must not come into another.
      refuseWishes(request, ['number', 'pin'], 'No switch has conferences that were scheduled.');
      const manner = mannerOf(request, view, nonce);
      return { input: { owner: userId, extension, from: invitedBy(view), ...manner } };
    },
    permit: async (execute, { userId }, request) => {
      const { extension, phoneCallView } = readCreate(InviteBody, request);
      const [view] = phoneCallView;
      if (!view?.destination) return;
      const source = view.source ?? [];
      const named = { owner: userId, extension, kind: 'CONFERENCE', source } as const;
      await requireOwnSource(execute, named, FROM_CONFERENCE);
    },
    refused: refusedEnd({ from: 'destination' }),
    respond: ({ inviteToConference: { call } }, request, { userId }) => {
      const { extension } = readCreate(InviteBody, request);
      return createdCall(call, request, { userId, extension });
    },
  }),
);

const FROM_CONFERENCE =
  'The destination is who is invited, and the source can only be the conference itself.';

/** The destination, as 4PSA's click2conf has it; a source alone can be nobody else. */
function invitedBy(view: Sent | undefined): string {
  const invited = view?.destination ?? view?.source;
  if (invited) return onlyOne(invited);
  throw new Fault('pc_destination_invalid', `The destination ${NUMBERS_RULE}.`);
}

interface Sent {
  readonly source?: readonly string[] | null | undefined;
  readonly destination?: readonly string[] | null | undefined;
}

/** Where a callback is looked at: it is its source's where that is an extension, whoever owns it. */
function foundBelow({ participants }: CallNode, place: Place): Place {
  const caller = participants.find(({ role }) => role === 'CALLER')?.extension;
  if (!caller || caller.kind === 'CALLBACK') return place;
  const userId = place.userId.startsWith('@') ? place.userId : '@owner';
  return { userId, extension: caller.number };
}

/** Calls that begin at somebody else's phone. */
export const callbackRoutes: readonly Route[] = [callbackRoute, conferenceInviteRoute];

/** Who of several would answer first is for a switch to say that can ring them at once. */
function onlyOne(sent: readonly string[] = []): string {
  const [number, another] = sent;
  if (number !== undefined && another === undefined) return number;
  throw new GatewayError('NOT_SUPPORTED', 'A call goes from one number to one number.');
}
