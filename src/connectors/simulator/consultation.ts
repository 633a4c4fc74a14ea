import { isEnded } from '../../model/call.ts';
import { isDialable } from '../../model/phone-number.ts';
import { type CallRef, type SwitchCall, type SwitchCommands, SwitchError } from '../connector.ts';
import { partyOf } from '../party.ts';
import { ended, held, left, merged, talkers } from './call-state.ts';
import type { Exchange } from './exchange.ts';
import { holdOthers } from './one-talk.ts';

const END = { disposition: 'ANSWERED', by: 'OPERATOR', q850Cause: 16 } as const;

const wrongState = (message: string) => new SwitchError('WRONG_STATE', message);

/** Refuses a number that no phone could dial. */
export function requireDialable(number: string): void {
  if (isDialable(number)) return;
  throw new SwitchError('INVALID_ARGUMENT', 'That number cannot be dialled.');
}

/** Second calls, and what becomes of them. */
export const consultationsOf = (
  exchange: Exchange,
): Pick<SwitchCommands, 'consult' | 'complete'> => ({
  consult: async (ref, selector, { to, toExtension, userData }) => {
    requireDialable(to);
    const call = exchange.lookUp(ref);
    const leg = call && partyOf(call, selector);
    if (!leg || isEnded(leg) || !leg.number) throw wrongState('The call has ended.');
    if (leg.state !== 'CONNECTED' && leg.state !== 'HELD') throw wrongState('It does not talk.');
    if (exchange.list().calls.some((other) => isAbout(other, ref) && other.ani === leg.number)) {
      throw wrongState('This leg consults somebody already.');
    }
    if (leg.state === 'CONNECTED') exchange.put(held(call, leg, true, exchange.now()));
    return exchange.offer({
      ...{ organizationId: call.organizationId, from: leg.number, to, toExtension },
      ...{ userData: { ...call.userData, ...userData }, consultOf: ref.nativeId },
    });
  },
  complete: async (ref, as) => {
    const consultation = exchange.lookUp(ref);
    if (!consultation) return 'ALREADY_ENDED';
    const { call, leg } = consulted(exchange, consultation);
    // What he asks is about a call that would be no more.
    if (exchange.list().calls.some((other) => isAbout(other, ref))) {
      throw wrongState('Whoever is consulted consults somebody himself.');
    }
    const others = talkers(consultation).filter(({ number }) => number !== leg.number);
    const at = exchange.now();
    if (as === 'TRANSFER') {
      const through = merged(left(call, leg, at), others, at);
      // Whoever was consulted may be the one who waited.
      exchange.put(talkers(through).length > 1 ? through : ended(through, END, at));
      exchange.put(ended(consultation, END, at));
    } else {
      exchange.put(ended(consultation, END, at));
      holdOthers(exchange, { call, leg });
      exchange.put(merged(held(call, leg, false, at), others, at));
    }
    return 'ACCEPTED';
  },
});

const isAbout = ({ consultOf }: SwitchCall, { nativeId }: CallRef) => consultOf === nativeId;

/** The call that a consultation is about, and the leg there of who consults. */
function consulted(exchange: Exchange, { epoch, consultOf, answeredAt, ani }: SwitchCall) {
  if (consultOf === null) throw wrongState('This call is no consultation.');
  if (answeredAt === null) throw wrongState('The consultation has not been answered.');
  const call = exchange.lookUp({ epoch, nativeId: consultOf });
  const leg = call && partyOf(call, { number: ani ?? '' });
  if (!leg || isEnded(leg)) throw wrongState('The call that it is about has ended.');
  return { call, leg };
}
