import { GatewayError } from '../../model/errors.ts';
import { isEventType } from '../../model/phone-call-event.ts';
import { type Route, route } from '../dialect.ts';
import { graphql } from '../graphql.ts';
import { CreateEventBody, createdEvent, UpdateEventBody, updatedEvent } from './event-payload.ts';
import { EVENT_FIELDS, eventReceipt, eventResource } from './event-resource.ts';
import { listOfIds } from './list-of-ids.ts';
import { listing } from './listing.ts';
import { CHOOSING_NOTHING, documented, STANDARD } from './openapi/docs.ts';
import { refuseBody, refuseSelectors } from './refuse-selectors.ts';
import type { VoipnowSettings } from './settings.ts';

const ListPhoneCallEvents = graphql(`
  query VoipnowListPhoneCallEvents(
    $owner: String, $extension: String, $type: Int, $first: Int, $after: String
  ) {
    phoneCallEvents(owner: $owner, extension: $extension, type: $type, first: $first, after: $after) {
      totalCount
      nodes { id type url method status note modifiedAt }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`);

const CreatePhoneCallEvent = graphql(`
  mutation VoipnowCreatePhoneCallEvent($input: CreatePhoneCallEventInput!) {
    createPhoneCallEvent(input: $input) { phoneCallEvent { id type } }
  }
`);

const UpdatePhoneCallEvent = graphql(`
  mutation VoipnowUpdatePhoneCallEvent($input: UpdatePhoneCallEventInput!) {
    updatePhoneCallEvent(input: $input) { phoneCallEvent { id type } }
  }
`);

const DeletePhoneCallEvents = graphql(`
  mutation VoipnowDeletePhoneCallEvents($input: DeletePhoneCallEventsInput!) {
    deletePhoneCallEvents(input: $input) { deletedIds }
  }
`);

const OF_EXTENSION = { userId: 'USER_NOT_FOUND', extension: 'EXTENSION_NOT_FOUND' } as const;
const OF_TYPE = { ...OF_EXTENSION, type: 'EVENT_TYPE_INVALID' } as const;
const OF_EVENT = { ...OF_TYPE, id: 'EVENT_NOT_FOUND' } as const;

/** Create PhoneCallEvents; the service's own page leaves the type out of the path, the newer one puts it there. */
export const createEventRoute: Route = documented(
  {
    tag: 'PhoneCallEvents',
    summary: 'Make an event.',
    body: CreateEventBody,
    gives: 'EventReceipt',
  },
  route({
    methods: ['POST'],
    path: '/extensions/:userId/:extension/phoneCallEvents/:type?',
    document: CreatePhoneCallEvent,
    refusedAs: OF_TYPE,
    variables: (request, { type, ...place }) => ({
      input: { ...extensionOf(place), ...createdEvent(request, typeIn(type)) },
    }),
    respond: ({ createPhoneCallEvent: { phoneCallEvent } }, request, place) =>
      Response.json(eventReceipt(phoneCallEvent, request, place)),
  }),
);

const changingRoutes: readonly Route[] = [
  documented(
    {
      tag: 'PhoneCallEvents',
      summary: 'Change an event.',
      body: UpdateEventBody,
      gives: 'EventReceipt',
    },
    route({
      methods: ['PUT'],
      path: '/extensions/:userId/:extension/phoneCallEvents/:type/:id',
      document: UpdatePhoneCallEvent,
      refusedAs: OF_EVENT,
      variables: (request, { type, id, ...place }) => ({
        input: {
          ...extensionOf(place),
          eventId: id,
          ...updatedEvent(request, { id, type: typeIn(type) }),
        },
      }),
      respond: ({ updatePhoneCallEvent: { phoneCallEvent } }, request, place) =>
        Response.json(eventReceipt(phoneCallEvent, request, place)),
    }),
  ),
  // PhoneCallEvents Service, Requests: the table has the id alone.
  documented(
    {
      tag: 'PhoneCallEvents',
      summary: 'Change an event, by its id alone.',
      body: UpdateEventBody,
      gives: 'EventReceipt',
    },
    route({
      methods: ['PUT'],
      path: '/extensions/:userId/:extension/phoneCallEvents/:id',
      document: UpdatePhoneCallEvent,
      refusedAs: { ...OF_EXTENSION, id: 'EVENT_NOT_FOUND' },
      variables: (request, { id, ...place }) => ({
        input: { ...extensionOf(place), eventId: id, ...updatedEvent(request, { id, type: null }) },
      }),
      respond: ({ updatePhoneCallEvent: { phoneCallEvent } }, request, place) =>
        Response.json(eventReceipt(phoneCallEvent, request, place)),
    }),
  ),
  documented(
    {
      tag: 'PhoneCallEvents',
      summary: 'Delete events; the id of one may stand alone, in the place of the type.',
      query: CHOOSING_NOTHING,
      gives: ['Id'],
      mayBeEmpty: true,
    },
    route({
      methods: ['DELETE'],
      path: '/extensions/:userId/:extension/phoneCallEvents/:typeOrId?/:id?',
      document: DeletePhoneCallEvents,
      refusedAs: { ...OF_EXTENSION, typeOrId: 'EVENT_TYPE_INVALID', id: 'EVENT_NOT_FOUND' },
      variables: (request, { typeOrId, id, ...place }) => {
        refuseSelectors(request.query, EVENT_FIELDS);
        refuseBody(request, id ?? typeOrId);
        return { input: { ...extensionOf(place), ...deletedOf(typeOrId, id) } };
      },
      respond: ({ deletePhoneCallEvents: { deletedIds } }) => listOfIds(deletedIds),
    }),
  ),
];

/** PhoneCallEvents service, but for Create. */
export const eventRoutes = (settings: VoipnowSettings): readonly Route[] => [
  documented(
    {
      tag: 'PhoneCallEvents',
      summary: 'List events.',
      query: STANDARD,
      gives: 'PhoneCallEvents',
      mayBeEmpty: true,
    },
    listing(settings, {
      path: '/extensions/:userId/:extension/phoneCallEvents/:type?/:id?',
      document: ListPhoneCallEvents,
      refusedAs: OF_EVENT,
      fields: EVENT_FIELDS,
      sortBy: 'url',
      variables: ({ type, id: _, ...place }, paging) => ({
        ...extensionOf(place),
        type: typeIn(type),
        ...paging,
      }),
      connectionOf: ({ phoneCallEvents }) => phoneCallEvents,
      resourceOf: eventResource,
      narrow: (found, { id }) => {
        const named = id === undefined ? found : found.filter((resource) => resource['id'] === id);
        if (id !== undefined && named.length === 0) throw new GatewayError('EVENT_NOT_FOUND');
        return named;
      },
    }),
  ),
  ...changingRoutes,
];

/** PhoneCallEvents, `extension`: "Cannot be set to @self". */
function extensionOf({ userId, extension }: { userId: string; extension: string }) {
  if (extension !== '@self') return { owner: userId, extension };
  throw new GatewayError('EXTENSION_NOT_FOUND');
}

/** PhoneCallEvents Service, Requests: the table has the id alone; digits are a type, and never mean every event. */
const deletedOf = (type: string | undefined, id: string | undefined) =>
  id === undefined && type !== undefined && !/^\d+$/.test(type)
    ? { type: null, eventId: type }
    : { type: typeIn(type), eventId: id ?? null };

/** An event's id in this place is refused, too: taken as no type at all, it would mean every event. */
function typeIn(text: string | undefined): number | null {
  if (text === undefined) return null;
  const type = /^\d$/.test(text) ? Number(text) : -1;
  if (isEventType(type)) return type;
  throw new GatewayError('EVENT_TYPE_INVALID');
}
