import { isEnded } from '../../model/call.ts';
import { isDialable, sameNumber } from '../../model/phone-number.ts';
import {
  type SwitchCall,
  type SwitchCommands,
  SwitchError,
  type SwitchParty,
} from '../connector.ts';
import { partyOf } from '../party.ts';
import { isListener, joined, left, liveLegs, parked, talkers } from './call-state.ts';
import type { Exchange } from './exchange.ts';

const FIRST_PLACE = 701;

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
    park(exchange, call, leg, returnSeconds * 1000);
    return 'ACCEPTED';
  },
  unpark: async (ref, { to, toExtension }) => {
    if (!isDialable(to)) {
      throw new SwitchError('INVALID_ARGUMENT', 'That number cannot be dialled.');
    }
    const call = exchange.lookUp(ref);
    if (!call) return 'ALREADY_ENDED';
    const isParked = call.parties.some(({ parking }) => parking);
    // Whoever is rung to listen takes nobody out.
    if (!isParked || talkers(call).some(({ state }) => state === 'RINGING')) {
      throw new SwitchError('WRONG_STATE', 'Nobody of the call waits for somebody to be rung.');
    }
    const at = exchange.now();
    const ear = liveLegs(call).find((leg) => isListener(leg) && sameNumber(leg.number, to));
    exchange.ring(joined(ear ? left(call, ear, at) : call, { to, toExtension }, at), toExtension);
    return 'ACCEPTED';
  },
});

/** A leg leaves, and is rung again when nobody has taken out in time what it has parked. */
function park(exchange: Exchange, call: SwitchCall, leg: SwitchParty, returnMs: number): void {
  const by = leg.number;
  const place = { at: exchange.now(), position: freePosition(exchange), by };
  exchange.put(parked(call, leg, place));
  exchange.later(call, returnMs, (now) => {
    const waits = now.parties.some(({ parking }) => parking?.at === place.at);
    const rings = talkers(now).some(({ state }) => state === 'RINGING');
    if (!waits || rings || by === null) return;
    exchange.ring(joined(now, { to: by, toExtension: true }, exchange.now()), true);
  });
}

function freePosition(exchange: Exchange): number {
  const taken = exchange
    .list()
    .calls.flatMap(({ parties }) => parties.map(({ parking }) => parking?.position));
  let position = FIRST_PLACE;
  while (taken.includes(position)) position += 1;
  return position;
}
