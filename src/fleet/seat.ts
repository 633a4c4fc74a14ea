import { type SwitchConnector, SwitchError } from '../connectors/connector.ts';
import type { Supervised } from '../connectors/supervisor.ts';
import type { LinkOwner, LinkReport } from '../model/link.ts';
import { type NumberRules, PLAIN_NUMBERS } from '../model/number-rules.ts';
import type { Sighting } from './beat.ts';
import type { Carrier } from './carrier.ts';
import type { Errands } from './errands.ts';
import { TAKE_MS } from './mailbox.ts';
import { type Method, perform, requestsBy, type Send } from './request.ts';
import type { Tenure } from './tenure.ts';

/** Where commands wait for each other, the last may be begun as late as this. */
const LONGEST_TURN_MS = 60_000;

/** A switch of the configuration by its id. */
export interface SwitchToOpen {
  readonly id: string;
  readonly connector: SwitchConnector;
  /** Default: as everybody does. */
  readonly numbers?: NumberRules;
}

/** What this process does with a switch while it has the link. */
export interface Held {
  readonly supervised: Supervised;
  readonly tenure: Tenure;
}

/** A switch as this process knows it: its own link, or another's from hearsay. */
export interface Seat extends SwitchToOpen {
  readonly carrier: Carrier;
  /** The database says this of it; `isOurs` when this process has its lock. */
  see(sighting: Sighting, isOurs: boolean): void;
  /** This process has the link; null: no more. */
  hold(held: Held | null): void;
}

interface Options {
  readonly one: SwitchToOpen;
  /** The name of this process. */
  readonly member: string;
  readonly errands: Errands;
  /** Some process has told what lives on the switch. */
  readonly onUp: (id: string) => void;
}

export function createSeat({ one, member, errands, onUp }: Options): Seat {
  const { id, connector } = one;
  const began = new Date();
  let held: Held | null = null;
  let seen: Sighting | null = null;

  const owner = (): LinkOwner => {
    if (held) return 'HERE';
    return seen?.owner ? 'ELSEWHERE' : 'NOBODY';
  };
  const report = (): LinkReport => {
    if (held) return held.supervised;
    const { link, since, lastError } = seen ?? { link: null, since: null, lastError: null };
    if (link !== null && since !== null && owner() === 'ELSEWHERE')
      return { link, since, lastError };
    return { link: 'CONNECTING', since: since ?? began, lastError: 'no process has the link yet' };
  };
  const beginMsOf = (method: Method) =>
    connector.hangsUpInTurn && method.startsWith('hangup') ? LONGEST_TURN_MS : TAKE_MS;
  const send: Send = async (method, args) => {
    if (held) return perform(held.supervised, held.tenure.isHeld, method, args);
    if (owner() === 'NOBODY') {
      throw new SwitchError('LINK_DOWN', `No process has the link to ${id}; nothing was done`);
    }
    return errands.run({ connector: id, method, args, beginMs: beginMsOf(method) });
  };
  return {
    ...one,
    carrier: carrierOf(one, { owner, report, send }),
    see(sighting, isOurs) {
      // Whoever has the lock knows that the owner before is gone.
      seen = isOurs || sighting.owner === member ? { ...sighting, owner: null } : sighting;
      if (owner() === 'ELSEWHERE' && sighting.link === 'UP') onUp(id);
    },
    hold(now) {
      held = now;
    },
  };
}

interface Parts {
  readonly owner: () => LinkOwner;
  readonly report: () => LinkReport;
  readonly send: Send;
}

/** Puts a carrier together. */
export function carrierOf(
  { id, connector, numbers = PLAIN_NUMBERS }: SwitchToOpen,
  { owner, report, send }: Parts,
): Carrier {
  const { resync, settled, ...commands } = requestsBy(send);
  return {
    ...{ id, kind: connector.kind, capabilities: connector.capabilities },
    ...{ numbers, commands, resync, settled },
    get owner() {
      return owner();
    },
    get link() {
      return report().link;
    },
    get since() {
      return report().since;
    },
    get lastError() {
      return report().lastError;
    },
  };
}
