import type { TadaDocumentNode } from 'gql.tada';
import type { Credentials } from '../../../model/credentials.ts';
import type { GatewayError } from '../../../model/errors.ts';
import type { Execute } from '../../dialect.ts';
import type { LegacyOrigin } from '../../serve.ts';

/** Somebody who asks for notifications. */
export interface Caller {
  /** Tandem's id of the user. */
  readonly userId: string;
  /** Runs documents as this user, whatever has become of the request that came first. */
  readonly execute: Execute;
  /** Runs a subscription until the signal. Throws `GatewayError` when it is refused. */
  follow<Data, Variables>(
    document: TadaDocumentNode<Data, Variables>,
    variables: Variables,
    signal: AbortSignal,
  ): AsyncIterator<Data>;
  /** A signal that is aborted when the credentials have ended; release it when done. */
  watch(): { readonly signal: AbortSignal; release(): void };
}

/** What notifications need of the server. */
export interface CometdHost {
  /** Authenticates and counts. Throws UNAUTHENTICATED or RATE_LIMITED. */
  open(credentials: Credentials, origin: LegacyOrigin): Promise<Caller>;
  /** The user whose a token is, or was; null of what never was one. */
  readonly ownerOf: (token: string) => Promise<string | null>;
  /** Resolves when no request of the user is being answered: its answer goes first. */
  answered(userId: string): Promise<void>;
  /**
   * Tells of each change of what the user does as an agent, or of what becomes of calls to its telephones alone; gives
   * back what ends that.
   */
  onAgentChange(userId: string, tell: (change: { readonly hasState: boolean }) => void): () => void;
  /** The refusal that an error is; null is a bug, of which the operator is told. */
  refusalIn(error: unknown): GatewayError | null;
  /** Whether requests need a token against forgery; a script element cannot send one. */
  readonly csrf: boolean;
  /** Origins whose pages are let in with cookies, which then come along with anybody's script elements, too. */
  readonly origins: readonly string[];
  /** Aborted when the server is about to stop. */
  readonly stopping: AbortSignal;
}
