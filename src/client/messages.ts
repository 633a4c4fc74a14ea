/** What the selection must bring of every call. */
export interface CallKey {
  readonly id: string;
  readonly version: number;
}

interface Entry {
  /** Where to resume after having dealt with this message; opaque. */
  readonly position: string;
}

/** A call that was live when the snapshot was taken. */
export interface CallSnapshot<Call> extends Entry {
  readonly __typename: 'CallSnapshot';
  readonly call: Call;
}

/** Digits that were pressed on a phone during a call. */
interface Dtmf {
  readonly digits?: string;
  /** ISO 8601, by the clock of the switch. */
  readonly pressedAt?: string;
  /** What is selected of whoever's phone it was. */
  readonly participant?: Readonly<Record<string, unknown>>;
}

/** A call is new, has changed, or digits were pressed in it. */
export interface CallChanged<Call> extends Entry {
  readonly __typename: 'CallChanged';
  /** Undefined unless selected. */
  readonly kind?: 'STATE' | 'USER_DATA' | 'PARTICIPANTS' | 'RECORDING' | 'DTMF';
  /** ISO 8601; undefined unless selected. */
  readonly occurredAt?: string;
  /**
   * Of kind DTMF: digits that were pressed, as far as selected; null says that those of this call have been erased.
   * Null for other kinds, too; undefined unless selected.
   */
  readonly dtmf?: Dtmf | null;
  readonly call: Call;
}

/** A call has been deleted; nothing of it is left. */
export interface CallDeleted extends Entry {
  readonly __typename: 'CallDeleted';
  readonly callId: string;
  /** ISO 8601; undefined unless selected. */
  readonly occurredAt?: string;
}

/** Everything up to here has been told: a snapshot is complete, or there was silence. */
export interface FeedBookmark extends Entry {
  readonly __typename: 'FeedBookmark';
}

/** Changes that cannot be replayed. */
interface FeedGap extends Entry {
  readonly __typename: 'FeedGap';
  readonly reason?: 'RETENTION' | 'EPOCH';
}

/** What an application is told; `Call` is what it selects of a call. */
export type CallMessage<Call extends CallKey = CallKey> =
  | CallSnapshot<Call>
  | CallChanged<Call>
  | CallDeleted
  | FeedBookmark;

/** What the subscription `callChanges` brings. */
export type FeedMessage<Call extends CallKey = CallKey> = CallMessage<Call> | FeedGap;

/**
 * Why to forget what one knew. START: the first snapshot. INTERRUPTED: a snapshot was cut off and begins anew.
 * RETENTION, EPOCH: a gap of that reason. GAP: a gap whose reason is not selected.
 */
export type ResetReason = 'START' | 'INTERRUPTED' | 'RETENTION' | 'EPOCH' | 'GAP';
