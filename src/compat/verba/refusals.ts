import type { LegacyRequest } from '../legacy-request.ts';
import type { Refusal, RefusalCode } from '../refusal.ts';
import { answer } from './answer.ts';
import { valuesOf } from './parameters.ts';

/** Only 0 and 2 are in Verba's pages; the others are ours. */
const GENERAL = 1;
const NOT_FOUND = 2;
const PARAMETER = 3;
const ACCESS = 4;
const AMBIGUOUS = 5;

type Words = readonly [code: number, errorMessage?: string];

/** Every refusal as a code. Without an error message, ours is given. */
const REFUSALS = {
  UNAUTHENTICATED: [ACCESS],
  FORBIDDEN: [ACCESS],
  RATE_LIMITED: [GENERAL],
  BAD_INPUT: [PARAMETER],
  QUERY_TOO_COMPLEX: [PARAMETER],
  USER_NOT_FOUND: [NOT_FOUND],
  EXTENSION_NOT_FOUND: [NOT_FOUND],
  EXTENSION_TYPE_NOT_ALLOWED: [PARAMETER],
  EVENT_NOT_FOUND: [NOT_FOUND],
  EVENT_TYPE_INVALID: [PARAMETER],
  EVENT_URL_NOT_ALLOWED: [PARAMETER],
  CALL_NOT_FOUND: [NOT_FOUND, 'Call cannot be found.'],
  CALL_AMBIGUOUS: [AMBIGUOUS, 'More than one call is found.'],
  PARTY_AMBIGUOUS: [AMBIGUOUS],
  PHONE_NUMBER_INVALID: [PARAMETER],
  WRONG_STATE: [GENERAL],
  LEGAL_HOLD: [GENERAL],
  ERASURE_NOT_FOUND: [NOT_FOUND],
  NOT_SUPPORTED: [GENERAL],
  SWITCH_UNAVAILABLE: [GENERAL],
  SWITCH_FAILED: [GENERAL],
  SWITCH_TIMEOUT: [GENERAL],
  UNAVAILABLE: [GENERAL],
  IDEMPOTENCY_CONFLICT: [GENERAL],
  NO_ROUTE: [PARAMETER],
  PARAMETER_MISSING: [PARAMETER],
  OPERATION_MISSING: [PARAMETER, 'The parameter action is mandatory, once.'],
  OPERATION_UNKNOWN: [PARAMETER, 'There is no such action.'],
  INTERNAL: [GENERAL],
} as const satisfies Record<RefusalCode, Words>;

/** Pages that have words of their own for a call that is not there. */
const NOT_THERE: Readonly<Record<string, string>> = {
  GetCallID: 'Unable to retrieve the call identifier, because the call cannot be found.',
};

/** The HTTP status is 200 for whatever the API itself says; these are said before it has a say. */
const STATUSES: Partial<Record<RefusalCode, number>> = {
  RATE_LIMITED: 429,
  UNAVAILABLE: 503,
  NO_ROUTE: 404,
};

/** `Response` with an `ErrorMessage`, of the action that was asked for. */
export function refuse({ code, message }: Refusal, request: LegacyRequest): Response {
  const [number, words = message]: Words = REFUSALS[code];
  const type = typeOf(valuesOf(request, 'action'));
  const own = code === 'CALL_NOT_FOUND' ? NOT_THERE[type] : undefined;
  return answer(request, { code: number, type, errorMessage: own ?? words }, STATUSES[code]);
}

/** No action that any page names is longer. */
const typeOf = ([action = '']: readonly string[]) => (/^\w{1,32}$/.test(action) ? action : '');
