import { EVENT_METHODS, EVENT_STATUSES } from '../../model/phone-call-event.ts';
import type { LegacyRequest } from '../legacy-request.ts';
import { dateOf, withoutNulls } from './collection.ts';
import type { Resource } from './filter.ts';
import { linkBelow } from './links.ts';
import type { Fields } from './standard-parameters.ts';

/** PhoneCallEvents Resource; a list may be filtered by all that is no object. */
export const EVENT_FIELDS: Fields = {
  all: ['type', 'id', 'url', 'method', 'status', 'note', 'modified', 'links'],
  filterable: ['type', 'id', 'url', 'method', 'status', 'note', 'modified'],
};

/** The selection that a resource is made of. */
export interface EventNode {
  readonly id: string;
  readonly type: number;
  readonly url: string;
  readonly method: (typeof EVENT_METHODS)[number];
  readonly status: (typeof EVENT_STATUSES)[number];
  readonly note: string | null;
  readonly modifiedAt: string;
}

/** Whose events: as the path says it. */
interface Place {
  readonly userId: string;
  readonly extension: string;
}

/** An event as clients read it: its numbers are texts, as in the samples. */
export const eventResource = (event: EventNode, request: LegacyRequest, place: Place): Resource =>
  withoutNulls({
    type: String(event.type),
    id: event.id,
    url: event.url,
    method: String(EVENT_METHODS.indexOf(event.method)),
    status: String(EVENT_STATUSES.indexOf(event.status)),
    note: event.note,
    modified: dateOf(event.modifiedAt),
    links: { self: selfOf(event, request, place) },
  });

/** What Create and Update give back. */
export const eventReceipt = (
  event: Pick<EventNode, 'id' | 'type'>,
  request: LegacyRequest,
  place: Place,
): Resource => ({ id: event.id, links: { self: selfOf(event, request, place) } });

const selfOf = (
  { id, type }: Pick<EventNode, 'id' | 'type'>,
  request: LegacyRequest,
  { userId, extension }: Place,
) => linkBelow(request, ['extensions', userId, extension, 'phoneCallEvents', String(type), id]);
