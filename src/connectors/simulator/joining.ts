import { isEnded } from '../../model/call.ts';
import { type SwitchCommands, SwitchError } from '../connector.ts';
import { partyOf } from '../party.ts';
import { joined } from './call-state.ts';
import { requireDialable } from './consultation.ts';
import type { Exchange } from './exchange.ts';

/** Who comes into calls that talk, as the exchange does it; who hears whom makes no difference in memory. */
export const joiningOf = (exchange: Exchange): Pick<SwitchCommands, 'invite' | 'listen'> => ({
  invite: async (ref, { to, toExtension }) => {
    requireDialable(to);
    const call = exchange.lookUp(ref);
    if (!call) return 'ALREADY_ENDED';
    if (call.answeredAt === null) {
      throw new SwitchError('WRONG_STATE', 'The call has not been answered.');
    }
    exchange.ring(joined(call, to, exchange.now()), toExtension);
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
    exchange.ring(joined(call, to, exchange.now(), 'LISTENER'), toExtension);
    return 'ACCEPTED';
  },
});
