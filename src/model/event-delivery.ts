/** Where a firing stands: PENDING is tried until it is DELIVERED, or SUSPENDED after a day of failures or a 410. */
export const DELIVERY_STATES = ['PENDING', 'DELIVERED', 'SUSPENDED'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** Why a request had no answer that counts. */
export const ATTEMPT_ERRORS = [
  'STATUS',
  'TIMEOUT',
  'NAME_NOT_FOUND',
  'PRIVATE_ADDRESS',
  'CONNECTION',
  'TLS',
  'BAD_ANSWER',
  'STOPPED',
] as const;
export type AttemptError = (typeof ATTEMPT_ERRORS)[number];

/** One request of a firing. */
export interface DeliveryAttempt {
  /** When it was begun, in ISO 8601. */
  readonly at: string;
  /** The status code of the answer; null when there was none. */
  readonly status: number | null;
  /** Null when it was delivered. */
  readonly error: AttemptError | null;
  readonly durationMs: number;
}

/** What is told of a firing, in VoipNow's words and order; an empty text where nothing is known. */
export const EVENT_PARAMETERS = [
  'CallID',
  'CallerIDNum',
  'CallerIDName',
  'CalledDID',
  'CalledExtension',
  'CallStatus',
  'CallFlow',
  'CallerExtension',
  'CalledNumber',
] as const;
export type EventParameters = Readonly<Record<(typeof EVENT_PARAMETERS)[number], string>>;

/** A firing as readers see it. Times are ISO 8601. */
export interface DeliveryView {
  readonly id: string;
  readonly callId: string;
  readonly state: DeliveryState;
  readonly parameters: EventParameters;
  readonly attempts: readonly DeliveryAttempt[];
  readonly createdAt: string;
  readonly deliveredAt: string | null;
  /** Null when none is to come by itself. */
  readonly nextAttemptAt: string | null;
}
