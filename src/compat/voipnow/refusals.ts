import type { Refusal, RefusalCode } from '../refusal.ts';
import { Fault } from './fault.ts';

export type Words = readonly [status: number, code: string, message?: string];

const EXTENSION: Words = [
  400,
  'extension_invalid',
  'The extension in the URI must be the number of an extension of this user, of a type that allows this.',
];
const CALL: Words = [
  400,
  'pc_phonecall_invalid',
  'The phoneCallId in the URI must be alphanumeric, and name a phone call that is there.',
];
const SWITCH: Words = [500, 'internal_server_error'];
/** The pages have one word for whatever is the server's fault; the status tells who may come back. */
const AWAY: Words = [503, 'internal_server_error'];
/** No page has a name for it; the pattern is the others'. */
const OTHER: Words = [400, 'request_invalid'];

/** Every refusal in VoipNow's words (HTTP Return Codes; Hang up PhoneCalls, Failure). Without a message, ours is given. */
export const REFUSALS = {
  UNAUTHENTICATED: [401, 'access_denied'],
  // The token is good, so a new one would not help: 401 makes clients fetch one.
  FORBIDDEN: [403, 'access_denied'],
  // By the pattern, too: a new token, which `access_denied` makes clients fetch, would not help.
  RATE_LIMITED: [429, 'request_limit_exceeded'],
  BAD_INPUT: OTHER,
  QUERY_TOO_COMPLEX: OTHER,
  USER_NOT_FOUND: [
    400,
    'user_invalid',
    'The userId in the URI must be the id of a user, @me, @viewer or @owner.',
  ],
  EXTENSION_NOT_FOUND: EXTENSION,
  EXTENSION_TYPE_NOT_ALLOWED: EXTENSION,
  EVENT_NOT_FOUND: [
    400,
    'pce_id_invalid',
    'The eventId in the URI must name a phone call event of this extension.',
  ],
  EVENT_TYPE_INVALID: [
    400,
    'pce_type_invalid',
    'The eventType in the URI must be a number from 0 to 4.',
  ],
  EVENT_URL_NOT_ALLOWED: [
    400,
    'pce_url_invalid',
    'The url must not lead into a private network, nor to the server itself.',
  ],
  CALL_NOT_FOUND: CALL,
  CALL_AMBIGUOUS: CALL,
  PARTY_AMBIGUOUS: [400, 'pc_phonenumber_invalid'],
  PHONE_NUMBER_INVALID: [
    400,
    'pc_phonenumber_invalid',
    'The phoneNumber must consist of digits, with an optional + before them.',
  ],
  WRONG_STATE: [400, 'pc_phonecall_invalid'],
  LEGAL_HOLD: [403, 'access_denied'],
  ERASURE_NOT_FOUND: OTHER,
  NOT_SUPPORTED: [501, 'request_not_implemented'],
  SWITCH_UNAVAILABLE: AWAY,
  SWITCH_FAILED: SWITCH,
  SWITCH_TIMEOUT: SWITCH,
  UNAVAILABLE: AWAY,
  IDEMPOTENCY_CONFLICT: OTHER,
  NO_ROUTE: [501, 'request_not_implemented'],
  PARAMETER_MISSING: [501, 'request_not_implemented'],
  OPERATION_MISSING: [501, 'request_not_implemented'],
  OPERATION_UNKNOWN: [501, 'request_not_implemented'],
  INTERNAL: [500, 'internal_server_error'],
} as const satisfies Record<RefusalCode, Words>;

const EXTENSION_IN_BODY: Words = [
  400,
  'extension_invalid',
  'The extension must be the number of an extension of this user, of a type that allows this.',
];

/** The same for Create PhoneCalls, whose extension stands in the payload. */
export const CREATE_CALL_REFUSALS: Record<RefusalCode, Words> = {
  ...REFUSALS,
  EXTENSION_NOT_FOUND: EXTENSION_IN_BODY,
  EXTENSION_TYPE_NOT_ALLOWED: EXTENSION_IN_BODY,
};

/** The same below `phoneCallEvents` (Delete PhoneCallEvents, Failure). */
export const EVENT_REFUSALS: Record<RefusalCode, Words> = {
  ...REFUSALS,
  FORBIDDEN: [400, 'pce_access_denied', 'You are not allowed to manage the phone call events.'],
};

/** The same for Create PhoneCallEvents, whose page spells this one differently. */
export const CREATE_EVENT_REFUSALS: Record<RefusalCode, Words> = {
  ...EVENT_REFUSALS,
  EVENT_TYPE_INVALID: [400, 'pcet_type_invalid', 'The type must be a number from 0 to 4.'],
};

/** The envelope that every 4xx and 5xx has. */
export function envelope(refusal: Refusal, refusals: Record<RefusalCode, Words>): Response {
  const [status, code, message = refusal.message] = wordsFor(refusal, refusals);
  return Response.json({ error: { code, message } }, { status });
}

/** The same for who is not let in: a 401 says how one is (RFC 9110, 11.6.1; RFC 6750, 3). */
export function notLetIn(refusal: Refusal, status: 401 | 403, hasToken: boolean): Response {
  const fault = hasToken ? ', error="invalid_token"' : '';
  const headers = { 'WWW-Authenticate': `Bearer realm="UnifiedAPI"${fault}` };
  const body = { error: { code: REFUSALS.UNAUTHENTICATED[1], message: refusal.message } };
  return Response.json(body, { status, ...(status === 401 && { headers }) });
}

const wordsFor = (refusal: Refusal, refusals: Record<RefusalCode, Words>): Words =>
  refusal instanceof Fault ? [400, refusal.word] : refusals[refusal.code];
