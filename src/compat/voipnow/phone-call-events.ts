import { GatewayError } from '../../model/errors.ts';
import { isEventType } from '../../model/phone-call-event.ts';
import { type Route, route } from '../dialect.ts';
import { graphql } from '../graphql.ts';
import { listOfIds } from './list-of-ids.ts';

const DeletePhoneCallEvents = graphql(`
  mutation VoipnowDeletePhoneCallEvents($input: DeletePhoneCallEventsInput!) {
    deletePhoneCallEvents(input: $input) { deletedIds }
  }
`);

/** PhoneCallEvents service. */
export const eventRoutes: readonly Route[] = [
  route({
    methods: ['DELETE'],
    path: '/extensions/:userId/:extension/phoneCallEvents/:type?/:id?',
    document: DeletePhoneCallEvents,
    refusedAs: {
      userId: 'USER_NOT_FOUND',
      extension: 'EXTENSION_NOT_FOUND',
      type: 'EVENT_TYPE_INVALID',
      id: 'EVENT_NOT_FOUND',
    },
    variables: (_, { userId, extension, type, id }) => ({
      input: {
        owner: userId,
        extension: oneExtension(extension),
        type: type === undefined ? null : eventType(type),
        eventId: id ?? null,
      },
    }),
    respond: ({ deletePhoneCallEvents: { deletedIds } }) => listOfIds(deletedIds),
  }),
];

/** Delete PhoneCallEvents, `extension`: "Cannot be set to @self". */
function oneExtension(number: string): string {
  if (number !== '@self') return number;
  throw new GatewayError('EXTENSION_NOT_FOUND');
}

/** An event's id in this place is refused, too: taken as no type at all, it would delete every event. */
function eventType(text: string): number {
  const type = /^\d$/.test(text) ? Number(text) : -1;
  if (isEventType(type)) return type;
  throw new GatewayError('EVENT_TYPE_INVALID');
}
