import { CALL_FIELDS } from '../call-resource.ts';
import type { SchemaName } from './docs.ts';

const text = (description: string, more: object = {}) => ({ type: 'string', description, ...more });
const date = (description: string) => text(description, { format: 'date-time' });
const number = (description: string, values: readonly number[]) => ({
  ...{ type: 'integer', description, enum: values },
});
const list = (items: object, description = 'A list.') => ({ type: 'array', description, items });
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const uri = (description: string) => text(description, { format: 'uri' });
const links = {
  ...{ type: 'object', description: 'Where it is found.', required: ['self'] },
  properties: { self: uri('This one.') },
};

/** Why nothing of a resource is required. */
const BY_FIELDS = 'With `fields`, only what is named there is in it; what is null is left out.';

const VIEW = {
  type: 'object',
  required: ['id', 'source', 'destination', 'flow', 'status'],
  description: 'A party of a phone call. What is not so is left out.',
  properties: {
    id: text('Two digits, 00 first.'),
    extension: text('Its number.'),
    source: list(text('A number.'), 'Who calls.'),
    destination: list(text('A number.'), 'Who is called.'),
    flow: number('2 local, 4 outgoing, 8 incoming.', [2, 4, 8]),
    status: number(
      '0 unknown, 2 trying, 3 ringing, 4 the other side rings, 5 on call.',
      [0, 2, 3, 4, 5],
    ),
    ringing: date('When it began to ring.'),
    callerId: text('Who calls, such as `John Doe <4242425>`.'),
    recording: date('Since when the call is recorded.'),
    answered: date('When it answered.'),
    parked: date('Since when it is parked.'),
    parkedPos: { type: 'integer', description: 'Its parking place.' },
    parkedBy: text('Who has parked it.'),
    onHold: date('Since when the call is on hold.'),
    holder: number('1 when this party has put it on hold.', [0, 1]),
    disposition: number('0 answered, 1 busy, 2 failed, 3 no answer, 4 unknown.', [0, 1, 2, 3, 4]),
  },
};

const CALL_PROPERTIES: Readonly<Record<string, object>> = {
  id: text('The call’s id.'),
  extension: text('The extension that pays.'),
  ownerId: text('The organization’s id.'),
  ownerName: text('The organization’s name.'),
  published: date('When it was offered.'),
  answered: date('When it was answered.'),
  nonce: text('What was given with Create.'),
  phoneCallView: list(VIEW, 'Its parties.'),
  links,
};

const EVENT = {
  type: 'object',
  description: `A rule: on this event of the extension, request this URL. ${BY_FIELDS}`,
  properties: {
    type: text('0 dial-in, 1 dial-out, 2 hang-up, 3 incoming answered, 4 outgoing answered.'),
    id: text('Its id.'),
    url: uri('What is requested.'),
    method: text('0 by GET, 1 by POST.'),
    status: text(
      '0 disabled, 1 enabled, as its owner has set it: also while deliveries are suspended because they failed for a day, which an update to 1 ends.',
    ),
    note: text('A remark.'),
    modified: date('When it was changed last.'),
    links,
  },
};

const PRESENCE = {
  type: 'object',
  description: `What an extension does. ${BY_FIELDS}`,
  properties: {
    extension: text('Its number.'),
    status: text('0 unknown, 1 online, 2 ringing, 3 busy.'),
    registration: list(
      {
        ...{ type: 'object', required: ['registration'] },
        properties: { registration: text('0 unknown.') },
      },
      'Its phones; whether they have registered is not known.',
    ),
  },
};

const collectionOf = (items: object, description: string) => ({
  ...{ type: 'object', description },
  required: ['totalResults', 'itemsPerPage', 'startIndex', 'entry', 'links'],
  properties: {
    totalResults: { type: 'integer', description: 'How many there are in all.' },
    itemsPerPage: { type: 'integer', description: 'The page size.' },
    startIndex: { type: 'integer', description: 'Where this page begins.' },
    entry: list(items, 'The entries of this page.'),
    links: {
      ...{ type: 'object', description: 'Other pages, where there are any.', required: ['self'] },
      properties: {
        self: uri('This page.'),
        prev: uri('The one before.'),
        next: uri('The next one.'),
      },
    },
  },
});

/** The schemas of the document. */
export const SCHEMAS: Readonly<Record<SchemaName, object>> = {
  PhoneCall: {
    ...{ type: 'object', description: `A phone call. ${BY_FIELDS}` },
    properties: Object.fromEntries(CALL_FIELDS.all.map((name) => [name, CALL_PROPERTIES[name]])),
  },
  PhoneCalls: collectionOf(ref('PhoneCall'), 'Phone calls that are live.'),
  PhoneCallEvent: EVENT,
  PhoneCallEvents: collectionOf(ref('PhoneCallEvent'), 'Phone call events.'),
  EventReceipt: {
    ...{ type: 'object', description: 'What was made or changed.', required: ['id', 'links'] },
    properties: { id: text('Its id.'), links },
  },
  Presence: collectionOf(PRESENCE, 'Extensions and what they do.'),
  Id: {
    ...{ type: 'object', description: 'What it was done to.', required: ['id'] },
    properties: { id: text('Its id.') },
  },
  Error: {
    ...{ type: 'object', description: 'Why it was not done.', required: ['error'] },
    properties: {
      error: {
        type: 'object',
        description: 'The refusal.',
        required: ['code', 'message'],
        properties: { code: text('Such as `extension_invalid`.'), message: text('For people.') },
      },
    },
  },
};
