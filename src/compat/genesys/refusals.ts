import type { Refusal, RefusalCode } from '../refusal.ts';

type Words = readonly [status: number, statusCode: number, statusMessage?: string];

const NOT_FOUND: Words = [404, 6];
const MALFORMED: Words = [400, 10];
const WRONG_STATE: Words = [400, 2];
const SWITCH: Words = [500, 4];

/** Every refusal as a statusCode (Return Values). Without a statusMessage, ours is given. */
export const REFUSALS = {
  // Live servers answer 403 here, and not 401.
  UNAUTHENTICATED: [403, 20, 'Access denied'],
  FORBIDDEN: [403, 5],
  RATE_LIMITED: [429, 3],
  BAD_INPUT: MALFORMED,
  QUERY_TOO_COMPLEX: MALFORMED,
  USER_NOT_FOUND: [404, 6, 'The user is not found.'],
  EXTENSION_NOT_FOUND: [404, 6, 'The device is not found.'],
  EXTENSION_TYPE_NOT_ALLOWED: WRONG_STATE,
  EVENT_NOT_FOUND: NOT_FOUND,
  EVENT_TYPE_INVALID: MALFORMED,
  EVENT_URL_NOT_ALLOWED: MALFORMED,
  CALL_NOT_FOUND: [404, 6, 'The call is not found.'],
  CALL_AMBIGUOUS: MALFORMED,
  PARTY_AMBIGUOUS: MALFORMED,
  PHONE_NUMBER_INVALID: MALFORMED,
  WRONG_STATE,
  LEGAL_HOLD: [403, 3],
  ERASURE_NOT_FOUND: NOT_FOUND,
  NOT_SUPPORTED: WRONG_STATE,
  SWITCH_UNAVAILABLE: SWITCH,
  SWITCH_FAILED: SWITCH,
  SWITCH_TIMEOUT: SWITCH,
  UNAVAILABLE: [503, 4],
  IDEMPOTENCY_CONFLICT: [409, 19],
  NO_ROUTE: [404, 6, 'The resource is not found.'],
  OPERATION_MISSING: [400, 1, 'The required parameter operationName is missing.'],
  PARAMETER_MISSING: [400, 1],
  OPERATION_UNKNOWN: [400, 2, 'The operationName is not a valid operation.'],
  INTERNAL: [500, 4],
} as const satisfies Record<RefusalCode, Words>;

/** What GWS calls otherwise than Tandem's own messages. */
const WORDS: Readonly<Record<string, string>> = {
  '`to`': 'destination.phoneNumber',
  '`reason`': 'reasonCode',
  '`after`': 'ext.replay',
  deleteUserDataPair: 'DeleteUserDataPair',
  'An extension': 'A device',
  'an extension': 'a device',
  'no extension': 'no device',
  RECORDING: 'Recording',
  PAUSED: 'Paused',
  STOPPED: 'Stopped',
};
const NAMED = new RegExp(Object.keys(WORDS).join('|'), 'g');

/** A message as clients of GWS read it: plain text, that names what they have sent. */
export function inOwnWords(message: string): string {
  // Of the schema's variables they know nothing.
  if (message.startsWith('Variable "$')) return 'A parameter is malformed.';
  return message.replaceAll(NAMED, (name) => WORDS[name] ?? name).replaceAll('`', '');
}

/** `statusCode` and `statusMessage`, and no other attribute (Return Values). */
export function refuse({ code, message }: Refusal): Response {
  const [status, statusCode, statusMessage = inOwnWords(message)]: Words = REFUSALS[code];
  return Response.json({ statusCode, statusMessage }, { status });
}

/** The same as a text, for clients that take any JSON for their answer. */
export function refuseByText({ code, message }: Refusal): Response {
  const [status, , statusMessage = inOwnWords(message)]: Words = REFUSALS[code];
  return new Response(statusMessage, { status });
}
