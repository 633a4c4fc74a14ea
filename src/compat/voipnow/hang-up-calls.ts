import { nameIn } from '../../model/identifiers.ts';
import { phoneNumber } from '../../model/phone-number.ts';
import { type Route, route } from '../dialect.ts';
import { graphql } from '../graphql.ts';
import { CALL_FIELDS } from './call-resource.ts';
import { choiceIn, chosenCalls } from './chosen-calls.ts';
import { listOfIds } from './list-of-ids.ts';
import { extensionOf } from './live-calls.ts';
import { onlyOne } from './only-one.ts';
import { documented, STANDARD } from './openapi/docs.ts';
import { refuseBody, refuseSelectors } from './refuse-selectors.ts';
import { FILTER_NAMES } from './standard-parameters.ts';

const HangupPhoneCall = graphql(`
  mutation VoipnowHangupPhoneCall($input: HangupPhoneCallInput!) {
    hangupPhoneCall(input: $input) { endedIds calls { id identifiers { scheme value } } }
  }
`);

/** Hang up PhoneCalls. */
export const hangUpRoute: Route = documented(
  {
    tag: 'PhoneCalls',
    summary:
      'Hang up: of the calls that the URI names, those that a list with the same parameters would show (a phoneNumber narrows that list before it is cut into pages); without count and startIndex all of its pages.',
    query: ['phoneNumber', ...STANDARD],
    gives: ['Id'],
    mayBeEmpty: true,
  },
  route({
    methods: ['DELETE'],
    path: '/phoneCalls/:userId/:extension/:callId?',
    document: HangupPhoneCall,
    refusedAs: {
      ...{ userId: 'USER_NOT_FOUND', extension: 'EXTENSION_NOT_FOUND', callId: 'CALL_NOT_FOUND' },
    } as const,
    variables: async (request, { userId, extension, callId }, execute) => {
      const { query } = request;
      refuseBody(request, callId);
      refuseSelectors(query, CALL_FIELDS, ['phoneNumber', ...FILTER_NAMES]);
      const choice = choiceIn(query);
      const number = numberOf(query);
      const input = {
        owner: userId,
        extension: extensionOf(userId, extension, callId),
        identifier: callId === undefined ? null : { scheme: 'VOIPNOW' as const, value: callId },
        phoneNumber: number,
      };
      if (!choice) return { input };
      const named = { userId, extension, callId, phoneNumber: number };
      return { input: { ...input, onlyCallIds: await chosenCalls(execute, named, choice) } };
    },
    respond: ({ hangupPhoneCall: { endedIds, calls } }) => {
      // A call that was marked for deletion is gone with its end, and its recorded names with it.
      const named = (id: string) => calls.find((call) => call.id === id) ?? { id };
      return listOfIds(endedIds.map((id) => nameIn('VOIPNOW', named(id))));
    },
  }),
);

/** An empty number is refused: taken as none, it would hang up the whole call. */
function numberOf(query: URLSearchParams): string | null {
  const sent = onlyOne(query, 'phoneNumber', 'pc_phonenumber_invalid');
  // A plus sign that was not escaped is a space in a query.
  return sent === null ? null : phoneNumber(sent.replace(/^ /, '+'));
}
