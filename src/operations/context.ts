import type { Principal } from '../auth/principal.ts';
import type { Feed } from '../feed/feed.ts';
import type { Visibility } from '../model/visibility.ts';
import type { Database } from '../store/database.ts';
import type { Switches } from './switches.ts';
import type { AgentWatch } from './watch-agents.ts';

/** What operations work with, whoever asks. */
export interface Services {
  readonly database: Database;
  readonly feed: Feed;
  readonly switches: Switches;
  /** Goes into the hashes of erased numbers; kept outside of the database. */
  readonly erasureKey?: string | undefined;
  /** Who is to hear of what agents do; absent where nobody is. */
  readonly agents?: Pick<AgentWatch, 'look'>;
  /** Whether rules that lead into private networks are refused, since nothing would be sent there; default: false. */
  readonly refusesPrivateReceivers?: boolean;
  /** How long an end is awaited after the switch has said yes, in milliseconds. */
  readonly confirmMs: number;
}

/** One request: the services, who asks, and through what. */
export interface Context extends Services {
  readonly principal: Principal;
  /** The one filter: every read goes through it. */
  readonly visibility: Visibility;
  /** `graphql`, `voipnow`, `genesys` or `verba`. */
  readonly dialect: string;
  readonly requestId: string;
  /** Ends what streams: the reader's connection or its credentials are gone. */
  readonly signal: AbortSignal;
}
