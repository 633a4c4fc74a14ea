import { z } from 'zod';
import { ACCOUNT_TYPES } from '../model/account.ts';
import {
  CALL_STATES,
  CALL_TYPES,
  DIRECTIONS,
  DISPOSITIONS,
  ENDERS,
  PARTICIPANT_ROLES,
  RECORDING_STATES,
} from '../model/call.ts';
import { EXTENSION_KINDS, isExtensionNumber } from '../model/extension.ts';
import { IDENTIFIER_SCHEMES, isUuid } from '../model/identifiers.ts';
import type { JsonObject } from '../model/json.ts';
import { isNetwork } from '../model/network.ts';
import { EVENT_METHODS, EVENT_STATUSES, isEventType } from '../model/phone-call-event.ts';
import { isRedirectUri } from '../model/redirect-uri.ts';

/** Two digits name a participant. */
const MOST_PARTICIPANTS = 100;

/** Short enough for an index of Postgres. */
const name = z.string().min(1).max(255);
const text = z.string().max(1000);
const number = z.string().max(64);
const extensionNumber = z
  .string()
  .refine(isExtensionNumber, 'Invalid extension number: expected digits and stars');

/** In UTC and with milliseconds, as Postgres keeps it; years that Postgres would not read are refused. */
const time = z.iso.datetime({ offset: true }).transform((iso, context) => {
  const moment = new Date(iso);
  const utc = Number.isNaN(moment.getTime()) ? '' : moment.toISOString();
  if (/^(?!0000)\d{4}-/.test(utc)) return utc;
  context.addIssue('Invalid time: out of range');
  return z.NEVER;
});

const isWebUrl = (url: string) => /^https?:\/\//i.test(url) && URL.canParse(url);

const organization = z.strictObject({ type: z.literal('organization'), id: name, name: text });

const user = z.strictObject({
  type: z.literal('user'),
  organization: name,
  number: name,
  username: name,
  password: z.string().min(1).max(1000).optional(),
  displayName: text.nullish(),
  accountType: z.enum(ACCOUNT_TYPES),
});

const app = z
  .strictObject({
    type: z.literal('app'),
    organization: name,
    name,
    user: name,
    clientId: name.optional(),
    clientSecret: name.optional(),
    redirectUris: z
      .array(
        z
          .string()
          .refine(
            isRedirectUri,
            'Invalid redirect URI: expected an http or https URL without a fragment',
          ),
      )
      .nullish(),
    apiKey: z.string().refine(isUuid, 'Invalid api key: expected a GUID').optional(),
    requiresToken: z.boolean().default(true),
    networks: z
      .array(z.string().refine(isNetwork, 'Invalid network: expected an address or a CIDR range'))
      .min(
        1,
        'Invalid networks: an empty list would let nobody in; null, or none at all, lets everybody in',
      )
      .nullish(),
  })
  .refine(
    ({ clientId, clientSecret }) => (clientId === undefined) === (clientSecret === undefined),
    'clientId and clientSecret go together',
  )
  .refine(
    ({ clientId, apiKey }) => clientId !== undefined || apiKey !== undefined,
    'an app has an apiKey, or clientId and clientSecret, or all of them',
  );

const extension = z.strictObject({
  type: z.literal('extension'),
  organization: name,
  /** Genesys' id of the device; one is made when it is absent. */
  id: z.uuid().optional(),
  number: extensionNumber,
  shortNumber: extensionNumber.optional(),
  kind: z.enum(EXTENSION_KINDS),
  owner: name.nullish(),
  label: text.nullish(),
});

const participant = z.strictObject({
  role: z.enum(PARTICIPANT_ROLES),
  number: number.nullish(),
  name: text.nullish(),
  extension: extensionNumber.nullish(),
  state: z.enum(CALL_STATES).optional(),
  muted: z.boolean().default(false),
  ringingAt: time.nullish(),
  answeredAt: time.nullish(),
  heldAt: time.nullish(),
  leftAt: time.nullish(),
  disposition: z.enum(DISPOSITIONS).nullish(),
});

// JSON already; only that it is an object remains to be seen, and a copy would cost a million of them.
const jsonObject = z.custom<JsonObject>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'Invalid input: expected object',
);

const call = z
  .strictObject({
    type: z.literal('call'),
    organization: name,
    identifiers: z
      .array(z.strictObject({ scheme: z.enum(IDENTIFIER_SCHEMES), value: name }))
      .default([]),
    state: z.enum(CALL_STATES),
    direction: z.enum(DIRECTIONS),
    callType: z.enum(CALL_TYPES),
    ani: number.nullish(),
    dnis: number.nullish(),
    offeredAt: time,
    answeredAt: time.nullish(),
    endedAt: time.nullish(),
    disposition: z.enum(DISPOSITIONS).nullish(),
    q850Cause: z.int().min(0).max(127).nullish(),
    endedBy: z.enum(ENDERS).nullish(),
    recordingState: z.enum(RECORDING_STATES).default('STOPPED'),
    userData: jsonObject.nullish(),
    heldForLegal: z.boolean().default(false),
    participants: z.array(participant).max(MOST_PARTICIPANTS).default([]),
  })
  .refine(({ state, endedAt }) => state !== 'ENDED' || endedAt, 'a call that is ENDED has endedAt')
  .refine(({ state, endedAt }) => state === 'ENDED' || !endedAt, 'a call that has endedAt is ENDED')
  .refine(
    ({ state, participants }) =>
      state !== 'ENDED' || participants.every((leg) => (leg.state ?? 'ENDED') === 'ENDED'),
    'the participants of a call that is ENDED are ENDED',
  );

const phoneCallEvent = z.strictObject({
  type: z.literal('phoneCallEvent'),
  organization: name,
  extension: extensionNumber,
  id: name,
  eventType: z.int().refine(isEventType, 'Invalid event type: expected 0 to 4'),
  method: z.enum(EVENT_METHODS),
  url: z.string().max(4000).refine(isWebUrl, 'Invalid URL: expected http or https'),
  status: z.enum(EVENT_STATUSES),
  note: text.nullish(),
  modifiedAt: time.optional(),
});

/** Each kind of object that a line can be, strict: an unknown key is more often a mistake than a wish. */
const RECORD = z.discriminatedUnion('type', [
  organization,
  user,
  app,
  extension,
  call,
  phoneCallEvent,
]);

/** The object of a line. */
export type ImportRecord = z.infer<typeof RECORD>;
/** Which kind of object a line is. */
export type RecordType = ImportRecord['type'];
/** The object of a line of one kind. */
export type RecordOf<Type extends RecordType> = Extract<ImportRecord, { type: Type }>;

/** The record that an object is, or what is wrong with it. */
export function readRecord(object: JsonObject): ImportRecord | { readonly faults: string[] } {
  const read = RECORD.safeParse(object);
  if (read.success) return read.data;
  return {
    faults: read.error.issues.map(({ path, message }) =>
      path.length > 0 ? `${z.core.toDotPath(path)}: ${message}` : message,
    ),
  };
}
