/** Every way to be refused, with what it means to the caller. Closed: each dialect has words for each. */
export const ERROR_CODES = {
  UNAUTHENTICATED: 'No valid credentials were given, or they have expired or been revoked.',
  FORBIDDEN: 'The credentials are valid but may not do this.',
  RATE_LIMITED: 'Too many requests; the message says when to come back.',
  BAD_INPUT: 'An argument is malformed; the message names it.',
  QUERY_TOO_COMPLEX: 'The document is deeper, wider or costlier than this server allows.',
  USER_NOT_FOUND: 'No such user is visible to the caller.',
  EXTENSION_NOT_FOUND: 'No such extension is visible to the caller, or it is of another user.',
  EXTENSION_TYPE_NOT_ALLOWED: 'Extensions of this kind do not have what was asked for.',
  EVENT_NOT_FOUND: 'No such phone call event belongs to the extension.',
  EVENT_TYPE_INVALID: 'A phone call event type is a number from 0 to 4.',
  EVENT_URL_NOT_ALLOWED:
    'A phone call event requests nothing in private networks, unless the operator allows it.',
  CALL_NOT_FOUND: 'No such call is visible to the caller.',
  CALL_AMBIGUOUS: 'The selector matches more than one call; nothing was done.',
  PARTY_AMBIGUOUS: 'More than one leg of the call has this number; nothing was done.',
  PHONE_NUMBER_INVALID: 'A phone number consists of digits, with an optional leading plus sign.',
  WRONG_STATE: 'The call is in a state in which this cannot be done.',
  LEGAL_HOLD: 'A legal hold keeps what was to be deleted or changed.',
  ERASURE_NOT_FOUND: 'No such erasure is visible to the caller.',
  NOT_SUPPORTED: 'The switch that carries the call is not capable of this.',
  SWITCH_UNAVAILABLE: 'The switch cannot be reached; nothing was done.',
  SWITCH_FAILED: 'The switch refused, or said yes and did not do it.',
  SWITCH_TIMEOUT: 'The switch did not answer in time; look at the call before trying again.',
  UNAVAILABLE:
    'A part that Tandem needs is away for now; look at what you asked for before trying again.',
  IDEMPOTENCY_CONFLICT: 'This idempotency key was used with other input, or is in use right now.',
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

interface Details {
  readonly cause?: unknown;
  /** Seconds after which a new try makes sense; for RATE_LIMITED and UNAVAILABLE. */
  readonly retryAfter?: number;
}

/** A refusal: leaves the process in the words of the caller's dialect. Anything else thrown is a bug. */
export class GatewayError extends Error {
  readonly code: ErrorCode;
  readonly retryAfter: number | undefined;

  constructor(code: ErrorCode, message: string = ERROR_CODES[code], details: Details = {}) {
    super(message, { cause: details.cause });
    this.name = 'GatewayError';
    this.code = code;
    this.retryAfter = details.retryAfter;
  }
}

/** Something else that Tandem needs is away, such as an issuer of tokens: to clients it is UNAVAILABLE. */
export class PartAway extends Error {}

const beside = new WeakMap<object, readonly unknown[]>();

/** Keeps what failed after an error and because of it: the error stays what it is, and the operator hears of both. */
export function addFailure(error: unknown, failure: unknown): void {
  if (error instanceof Error) beside.set(error, [...failuresBeside(error), failure]);
}

/** What was kept with an error. */
export const failuresBeside = (error: unknown): readonly unknown[] =>
  (error instanceof Error && beside.get(error)) || [];
