import { z } from 'zod';
import {
  EVENT_METHODS,
  EVENT_STATUSES,
  EVENT_TYPES,
  isEventNote,
  isEventUrl,
} from '../../model/phone-call-event.ts';
import type { LegacyRequest } from '../legacy-request.ts';
import { Fault } from './fault.ts';
import { numberIn, readPayload, text } from './payload.ts';

const URL_RULE =
  'must be an absolute http or https URL of at most 2048 characters, percent-encoded';
const NOTE_RULE = 'must be a text of at most 1024 characters';

const id = text('must be the eventId in the URI').describe('The one in the URI; may be left out.');
const type = numberIn(0, EVENT_TYPES.length - 1).describe(
  '0 dial-in, 1 dial-out, 2 hang-up, 3 answer of an incoming call, 4 answer of an outgoing call.',
);
const method = numberIn(0, 1).describe('How the URL is requested: 0 by GET, 1 by POST.');
const url = text(URL_RULE).refine(isEventUrl, { error: URL_RULE }).describe('What is requested.');
const status = numberIn(0, 1).describe('0 disabled, 1 enabled.');
const note = text(NOTE_RULE).refine(isEventNote, { error: NOTE_RULE }).describe('A remark.');

/** Create PhoneCallEvents, the payload; its type may stand in the path instead. */
export const CreateEventBody = z.object({
  type: type.nullish(),
  ...{ method, url, status: status.nullish(), note: note.nullish() },
});

/** Update PhoneCallEvents, the payload: what is absent stays as it is. */
export const UpdateEventBody = z
  .object({ id, type, method, url, status, note: note.nullable() })
  .partial();

/** What is to be made. The two pages have each their own word for a wrong type. */
export function createdEvent(request: LegacyRequest, pathType: number | null) {
  const wordOf = (field: string) =>
    field === 'type' ? 'pcet_type_invalid' : `pce_${field}_invalid`;
  const body = readPayload(CreateEventBody, request, wordOf);
  const given = body.type ?? pathType;
  if (given === null) {
    throw new Fault('pcet_type_invalid', 'The type must be a number from 0 to 4; it is missing.');
  }
  if (pathType !== null && pathType !== given) {
    throw new Fault('pcet_type_invalid', 'The type must be the eventType in the URI.');
  }
  return { type: given, url: body.url, ...settingsOf(body) };
}

/** Where an event to be changed is, as the path says it. */
interface EventPlace {
  readonly id: string;
  /** Null where the path has its id alone. */
  readonly type: number | null;
}

/** What is to be changed. A rule keeps its type and its id, which may come with all else that was read. */
export function updatedEvent(request: LegacyRequest, { id, type: pathType }: EventPlace) {
  const body = readPayload(UpdateEventBody, request, (field) => `pce_${field}_invalid`);
  if (body.id !== undefined && body.id !== id) {
    throw new Fault('pce_id_invalid', 'The id must be the eventId in the URI.');
  }
  if (body.type !== undefined && pathType !== null && body.type !== pathType) {
    throw new Fault('pce_type_invalid', 'The type of an event cannot be changed.');
  }
  return { type: pathType ?? body.type ?? null, url: body.url ?? null, ...settingsOf(body) };
}

interface Settings {
  readonly method?: number | undefined;
  readonly status?: number | null | undefined;
  readonly note?: string | null | undefined;
}

/** An absent note stays, and a null one goes: so it is left out, not null. */
const settingsOf = ({ method, status, note }: Settings) => ({
  method: (method === undefined ? null : EVENT_METHODS[method]) ?? null,
  status: EVENT_STATUSES[status ?? -1] ?? null,
  ...(note !== undefined && { note }),
});
