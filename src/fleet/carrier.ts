import type { Capability, SwitchCommands } from '../connectors/connector.ts';
import type { LinkOwner, LinkReport } from '../model/link.ts';
import type { NumberRules } from '../model/number-rules.ts';

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
  /** How it calls numbers, and whose they are. */
  readonly numbers: NumberRules;
  readonly owner: LinkOwner;
  /** Reject with LINK_DOWN when nothing was done, with TIMEOUT when that is not known. */
  readonly commands: SwitchCommands;
}
