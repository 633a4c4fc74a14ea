import { isEnded } from '../../model/call.ts';
import { isDialable } from '../../model/phone-number.ts';
import { type SwitchCommands, SwitchError } from '../connector.ts';
import { partyOf } from '../party.ts';
import { joined, talkers } from './call-state.ts';
import type { Exchange } from './exchange.ts';

/** Parking, as the exchange does it. */
export const parkingOf = (exchange: Exchange): Pick<SwitchCommands, 'park' | 'unpark'> => ({
  park: async (ref, selector, returnSeconds) => {
    const call = exchange.lookUp(ref);
    const leg = call && partyOf(call, selector);
    if (!leg || isEnded(leg)) return 'ALREADY_ENDED';
    const live = talkers(call);
    const isTalk = live.every(({ state }) => state === 'CONNECTED' || state === 'HELD');
    const isOfTwo = live.includes(leg) && live.length === 2;
    if (call.answeredAt === null || !isOfTwo || !isTalk) {
      throw new SwitchError('WRONG_STATE', 'This leg does not talk with one other.');
    }
    exchange.park(call, leg, returnSeconds);
    return 'ACCEPTED';
  },
  unpark: async (ref, { to, toExtension }) => {
    if (!isDialable(to)) {
      throw new SwitchError('INVALID_ARGUMENT', 'That number cannot be dialled.');
    }
    const call = exchange.lookUp(ref);
    if (!call) return 'ALREADY_ENDED';
    const isParked = call.parties.some(({ parking }) => parking);
    if (!isParked || call.parties.some(({ state }) => state === 'RINGING')) {
      throw new SwitchError('WRONG_STATE', 'Nobody of the call waits for somebody to be rung.');
    }
    exchange.ring(joined(call, to, exchange.now()), toExtension);
    return 'ACCEPTED';
  },
});
