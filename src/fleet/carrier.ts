import type { Capability, SwitchCommands } from '../connectors/connector.ts';
import type { LinkState } from '../connectors/supervisor.ts';

/** Where the process is that has the link to a switch. */
export const LINK_OWNERS = ['HERE', 'ELSEWHERE', 'NOBODY'] as const;
export type LinkOwner = (typeof LINK_OWNERS)[number];

/** How the link to a switch is. */
export interface LinkReport {
  readonly link: LinkState;
  /** Since when it is so. */
  readonly since: Date;
  /** Why there is no link, or was none last; null while it is UP. */
  readonly lastError: string | null;
}

/** What else a carrier can be asked for, besides the switch's commands. */
export interface CarrierRequests {
  /** Takes a fresh list of what lives on the switch; resolves when it is handed over. */
  resync(): Promise<void>;
  /** Resolves when all that the switch has said so far is handed over. */
  settled(): Promise<void>;
}

/** A switch of the configuration, whichever process has the link to it. */
export interface Carrier extends LinkReport, CarrierRequests {
  readonly id: string;
  /** The connector's kind. */
  readonly kind: string;
  readonly capabilities: ReadonlySet<Capability>;
  readonly owner: LinkOwner;
  /** Reject with LINK_DOWN when nothing was done, with TIMEOUT when that is not known. */
  readonly commands: SwitchCommands;
}
