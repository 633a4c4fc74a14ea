import { isEnded } from '../../model/call.ts';
import { sameNumber } from '../../model/phone-number.ts';
import { type SwitchCall, type SwitchCommands, SwitchError } from '../connector.ts';
import { partyOf } from '../party.ts';
import { joined, liveLegs } from './call-state.ts';
import { requireDialable } from './consultation.ts';
import type { Exchange } from './exchange.ts';

/** Who comes into calls that talk, as the exchange does it; who hears whom makes no difference in memory. */
export const joiningOf = (exchange: Exchange): Pick<SwitchCommands, 'invite' | 'listen'> => ({
  invite: async (ref, target) => {
    const { to, toExtension } = target;
    requireDialable(to);
    const call = exchange.lookUp(ref);
    if (!call) return 'ALREADY_ENDED';
    if (call.answeredAt === null) {
      throw new SwitchError('WRONG_STATE', 'The call has not been answered.');
    }
    requireNewcomer(call, to, toExtension);
    exchange.ring(joined(call, target, exchange.now()), toExtension);
    return 'ACCEPTED';
  },
  listen: async (ref, selector, { to, toExtension }) => {
    requireDialable(to);
    const call = exchange.lookUp(ref);
    const leg = call && partyOf(call, selector);
    if (!leg || isEnded(leg)) return 'ALREADY_ENDED';
    const talks = leg.state === 'CONNECTED' || leg.state === 'HELD';
    if (!talks || leg.role === 'LISTENER') {
      throw new SwitchError('WRONG_STATE', 'This leg does not talk.');
    }
    requireNewcomer(call, to, toExtension);
    const target = { to, toExtension };
    exchange.ring(joined(call, target, exchange.now(), 'LISTENER'), toExtension);
    return 'ACCEPTED';
  },
});

/** A telephone is in a call once, though two may ask for it at the same time; an outside number may be many's. */
function requireNewcomer(call: SwitchCall, to: string, isExtension: boolean): void {
  if (!isExtension || !liveLegs(call).some(({ number }) => sameNumber(number, to))) return;
  throw new SwitchError('WRONG_STATE', 'That telephone is in the call already.');
}
