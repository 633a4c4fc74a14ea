import type { FollowError } from './follow-error.ts';
import type { CallKey, CallMessage, ResetReason } from './messages.ts';

/** Takes what one subscription brings, as the GraphQL client gives it. */
export interface Sink {
  /** A result: `{ data, errors }` or `{ data, error }`. */
  next(result: unknown): void;
  /** The end, by GraphQL errors, a close event, or anything else. */
  error(error: unknown): void;
  /** The end, without saying why. */
  complete(): void;
}

/**
 * Starts one subscription to `callChanges` with this `after` (null: from a new snapshot) and returns how to leave it.
 * What it throws ends following.
 */
export type Subscribe = (variables: { readonly after: string | null }, sink: Sink) => () => void;

/**
 * Keeps the position over restarts; only of use to an application that keeps what it knows as well. A message that was
 * dealt with just before a crash may come once more after it.
 */
export interface PositionStore {
  /** What was saved last; null or empty when there is nothing. Its failure ends following. */
  load(): string | null | Promise<string | null>;
  /** Called after each message that was dealt with; empty (before a reset) while a snapshot is incomplete. */
  save(position: string): void;
}

/** A failure that will be tried again. */
export interface Retry {
  /** As the GraphQL client gave it. */
  readonly error: unknown;
  /** One of the schema's `ErrorCode`s or INTERNAL; CLOSED: the socket was closed; BROKEN: whatever else broke the link. */
  readonly code: string;
  /** A sentence to show, with the close code if there is one. */
  readonly message: string;
  /** Milliseconds until the next try. */
  readonly delayMs: number;
}

/** How to follow; all but `subscribe` may be left out. */
export interface LinkOptions {
  readonly subscribe: Subscribe;
  readonly position?: PositionStore;
  /**
   * Called when the credentials were refused (close code 4403, UNAUTHENTICATED), before the one try that follows; its
   * failure is tried again. Not needed where the client asks for a token with each connection.
   */
  renewLogin?(): void | Promise<void>;
  /** The link is broken and will be resumed; to show it, or to log it. */
  onRetry?(retry: Retry): void;
  /** Milliseconds before try `tries` (from 1). Default: by chance up to 1 s, doubling up to 30 s. */
  delay?(tries: number): number;
  /**
   * After so many milliseconds without a message (the server sends one at least every 15 s) the link counts as broken;
   * doubles with each try. Default 45 000.
   */
  readonly silenceMs?: number;
  /** Changes after which it subscribes anew, and that are remembered to drop duplicates. Default 5000. */
  readonly most?: number;
}

/** How to follow, and what to do with what is told. */
export interface FollowOptions<Call extends CallKey> extends LinkOptions {
  /** Called with each message, in order and once. If it throws, following ends, and the position stays before it. */
  onMessage(message: CallMessage<Call>): void;
  /** Forget every call: the live ones follow. Called before each snapshot, the first included. */
  onReset(reason: ResetReason): void;
  /** Called once, when following has ended for good; not after `close`. */
  onError?(error: FollowError): void;
}
