import { GatewayError } from '../../model/errors.ts';
import { nameIn } from '../../model/identifiers.ts';
import { phoneNumber } from '../../model/phone-number.ts';
import { type Route, route } from '../dialect.ts';
import { graphql } from '../graphql.ts';
import { listOfIds } from './list-of-ids.ts';

const HangupPhoneCall = graphql(`
  mutation VoipnowHangupPhoneCall($input: HangupPhoneCallInput!) {
    hangupPhoneCall(input: $input) { endedIds calls { id identifiers { scheme value } } }
  }
`);

/** PhoneCalls service. */
export const phoneCallRoutes: readonly Route[] = [
  route({
    methods: ['DELETE'],
    path: '/phoneCalls/:userId/:extension/:callId?',
    document: HangupPhoneCall,
    refusedAs: {
      userId: 'USER_NOT_FOUND',
      extension: 'EXTENSION_NOT_FOUND',
      callId: 'CALL_NOT_FOUND',
    },
    variables: ({ query }, { userId, extension, callId }) => {
      refuseFilters(query);
      return {
        input: {
          owner: userId,
          extension: extensionOf(userId, extension, callId),
          identifier: callId === undefined ? null : { scheme: 'VOIPNOW' as const, value: callId },
          phoneNumber: numberOf(query.getAll('phoneNumber')),
        },
      };
    },
    respond: ({ hangupPhoneCall: { endedIds, calls } }) => {
      // A call that was marked for deletion is gone with its end, and its recorded names with it.
      const named = (id: string) => calls.find((call) => call.id === id) ?? { id };
      return listOfIds(endedIds.map((id) => nameIn('VOIPNOW', named(id))));
    },
  }),
];

/** A filter that is not looked at would hang up more calls than were meant (Data Types, Standard-Request-Parameters). */
function refuseFilters(query: URLSearchParams): void {
  const filter = ['filterBy', 'filterOp', 'filterValue'].find((name) => query.has(name));
  if (filter) throw new GatewayError('BAD_INPUT', `Hanging up takes no ${filter}.`);
}

/** Null means all of the user's. `@owner` is the owner of the extension, so `@self` says nothing about whose calls. */
function extensionOf(userId: string, extension: string, callId: string | undefined): string | null {
  if (extension !== '@self') return extension;
  if (userId !== '@owner' || callId !== undefined) return null;
  throw new GatewayError('EXTENSION_NOT_FOUND');
}

/** An empty number is refused: taken as none, it would hang up the whole call. */
function numberOf(sent: readonly string[]): string | null {
  const [first, another] = sent;
  if (first === undefined) return null;
  if (another !== undefined) throw new GatewayError('PHONE_NUMBER_INVALID');
  // A plus sign that was not escaped is a space in a query.
  return phoneNumber(first.replace(/^ /, '+'));
}
