import type { CallState, CallView, ChangeKind, DtmfView } from '../model/call.ts';
import type { Visibility } from '../model/visibility.ts';

/** One entry of the log. */
export interface Change {
  readonly organizationId: string;
  readonly callId: string;
  /** The call's version after the change. */
  readonly version: number;
  readonly kind: ChangeKind;
  /** ISO 8601. */
  readonly occurredAt: string;
  /** The call after the change; null for DELETED. */
  readonly call: CallView | null;
  /** What was pressed; null for other kinds than DTMF, and when all that was pressed until now has been erased. */
  readonly dtmf: DtmfView | null;
  readonly extensionIds: readonly string[];
  readonly ownerIds: readonly string[];
}

/** Which changes a subscriber wants; null or absent means all. */
export interface ChangeFilter {
  readonly extensionIds?: readonly string[] | null;
  readonly callIds?: readonly string[] | null;
  readonly kinds?: readonly ChangeKind[] | null;
  readonly states?: readonly CallState[] | null;
}

export interface FeedRequest {
  readonly visibility: Visibility;
  readonly filter?: ChangeFilter;
  /** Every change since this position, instead of a snapshot of what is live. */
  readonly after?: string | null;
  /** Ends the reading. */
  readonly signal: AbortSignal;
}

/** RETENTION: older entries are gone. EPOCH: the position is of another life of the database. */
export type GapReason = 'RETENTION' | 'EPOCH';

/** Something has changed. */
export type ChangeMessage = Extract<FeedMessage, { type: 'CHANGE' }>;

/** What a reader gets; `position` is where to resume after having dealt with it. */
export type FeedMessage = { readonly position: string } & (
  | { readonly type: 'SNAPSHOT'; readonly call: CallView }
  | { readonly type: 'CHANGE'; readonly change: Change }
  /** Nothing new for this reader, but everything up to here has been seen. Ends a snapshot, too. */
  | { readonly type: 'BOOKMARK' }
  /** What was asked for cannot be replayed; a new snapshot follows. */
  | { readonly type: 'GAP'; readonly reason: GapReason; readonly oldestPosition: string }
);

/** Takes what a follower is told. */
export interface Receiver {
  /** Deals with a message at once, or says that it could not: then it is told again by `accept`. */
  push(message: FeedMessage): boolean;
  /** Resolves when the message is dealt with, however long that takes. */
  accept(message: FeedMessage): Promise<void>;
}

/** Why the feed cannot be trusted to be current, or null. */
export type FeedTrouble = string | null;

/** The change feed: every committed change, in commit order, none lost. */
export interface Feed extends AsyncDisposable {
  /** Reads until the signal; a slow reader holds a hundred messages, and is fed from the log beyond them. */
  read(request: FeedRequest): AsyncIterableIterator<FeedMessage>;
  /**
   * Tells a receiver the same until the signal: changes as they come, which costs neither a statement nor a
   * promise; and one that cannot keep up is fed from the log until it can.
   */
  follow(request: FeedRequest, receiver: Receiver): Promise<void>;
  /** Where the log stands now. */
  head(): Promise<string>;
  /** Says that something was committed just now. */
  wake(): void;
  trouble(): FeedTrouble;
  /** What an operator should know although changes are delivered, or null. */
  detour(): FeedTrouble;
}
