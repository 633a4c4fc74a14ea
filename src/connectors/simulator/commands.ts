import { doTalk, isEnded } from '../../model/call.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import {
  type CallRef,
  type CommandOutcome,
  type PartySelector,
  type SwitchCall,
  type SwitchCommands,
  SwitchError,
  type SwitchParty,
} from '../connector.ts';
import { partyOf } from '../party.ts';
import { ended, held, isListener, joined, left, liveLegs, talkers } from './call-state.ts';
import { consultationsOf, requireDialable } from './consultation.ts';
import type { Exchange } from './exchange.ts';
import { joiningOf } from './joining.ts';
import { connect, holdOthers } from './one-talk.ts';
import { parkingOf } from './parking.ts';

const DIGITS = /^[0-9*#A-D]+$/;

const wrongState = (message: string) => new SwitchError('WRONG_STATE', message);

/** What the exchange does when it is told, and when it is told wrongly. */
export const commandsOf = (exchange: Exchange): SwitchCommands => ({
  ...{ ...consultationsOf(exchange), ...parkingOf(exchange), ...joiningOf(exchange) },
  place: async (request) => {
    requireDialable(request.from);
    requireDialable(request.to);
    return exchange.place(request);
  },
  answer: async (ref, selector) =>
    onLeg(exchange, ref, selector, (call, leg) => {
      if (leg.state !== 'RINGING') throw wrongState('This leg does not ring.');
      connect(exchange, call, leg);
    }),
  hangup: async (ref) =>
    onCall(exchange, ref, (call) => {
      const leg = exchange.faults.has('one-leg-only') ? liveLegs(call)[0] : undefined;
      hangUp(exchange, call, leg);
    }),
  hangupParty: async (ref, selector) =>
    onLeg(exchange, ref, selector, (call, leg) => {
      const others = talkers(call).filter((other) => other !== leg);
      const goesOn = isListener(leg) || others.length > 1 || others.some(({ parking }) => parking);
      const lives = goesOn || exchange.faults.has('one-leg-only');
      hangUp(exchange, call, lives ? leg : undefined);
    }),
  patchUserData: async (ref, patch) => {
    const call = exchange.lookUp(ref);
    if (!call) throw wrongState('The call has ended.');
    const userData = withPatch(call.userData, patch);
    exchange.put({ ...call, userData });
    return userData;
  },
  sendDtmf: async (ref, digits) =>
    onCall(exchange, ref, (call) => {
      if (!DIGITS.test(digits)) throw new SwitchError('INVALID_ARGUMENT', 'Not DTMF digits.');
      const isEarly = call.answeredAt === null;
      const isHeard = isEarly || call.state === 'CONNECTED' || doTalk(call.parties);
      if (!isHeard) throw wrongState('The call is not connected.');
      exchange.dial(ref, digits);
    }),
  setHold: async (ref, selector, on) =>
    onLeg(exchange, ref, selector, (call, leg) => {
      if (leg.state !== (on ? 'CONNECTED' : 'HELD')) {
        throw wrongState(on ? 'This leg is not connected.' : 'This leg is not on hold.');
      }
      if (!on) holdOthers(exchange, { call, leg });
      exchange.put(held(call, leg, on, exchange.now()));
    }),
  transfer: async (ref, selector, target) =>
    onLeg(exchange, ref, selector, (call, leg) => {
      requireDialable(target.to);
      const live = talkers(call);
      const isOfTwo = live.includes(leg) && live.length === 2;
      if (call.answeredAt === null || !isOfTwo || live.some(isRinging)) {
        throw wrongState('This leg does not talk with one other.');
      }
      const at = exchange.now();
      exchange.ring(joined(left(call, leg, at), target, at), target.toExtension);
    }),
  redirect: async (ref, selector, target) =>
    onLeg(exchange, ref, selector, (call, leg) => {
      requireDialable(target.to);
      if (!isRinging(leg)) throw wrongState('This leg does not ring.');
      const at = exchange.now();
      exchange.ring(joined(left(call, leg, at), target, at), target.toExtension);
    }),
  setRecording: async (ref, state) =>
    onCall(exchange, ref, (call) => {
      const { recordingState } = call;
      if (call.answeredAt === null) throw wrongState('The call has not been answered.');
      if (state === recordingState || (state === 'PAUSED' && recordingState === 'STOPPED')) {
        throw wrongState(`The recording is ${recordingState}.`);
      }
      exchange.put({ ...call, recordingState: state });
    }),
});

const isRinging = ({ state }: SwitchParty) => state === 'RINGING';

function onCall(exchange: Exchange, ref: CallRef, act: (call: SwitchCall) => void): CommandOutcome {
  const call = exchange.lookUp(ref);
  if (!call) return 'ALREADY_ENDED';
  act(call);
  return 'ACCEPTED';
}

function onLeg(
  exchange: Exchange,
  ref: CallRef,
  selector: PartySelector,
  act: (call: SwitchCall, leg: SwitchParty) => void,
): CommandOutcome {
  const call = exchange.lookUp(ref);
  const leg = call && partyOf(call, selector);
  if (!leg || isEnded(leg)) return 'ALREADY_ENDED';
  act(call, leg);
  return 'ACCEPTED';
}

/** Ends that leg alone, or the call when none is named or it is the last. */
function hangUp(exchange: Exchange, call: SwitchCall, leg: SwitchParty | undefined): void {
  if (exchange.faults.has('hangup-ok-without-effect')) return;
  const at = exchange.now();
  if (leg && liveLegs(call).length > 1) {
    exchange.put(left(call, leg, at));
    return;
  }
  const disposition = call.answeredAt ? 'ANSWERED' : 'CANCELLED';
  exchange.put(ended(call, { disposition, by: 'OPERATOR', q850Cause: 16 }, at));
}

const withPatch = (data: JsonObject, patch: Readonly<Record<string, Json>>): JsonObject =>
  Object.fromEntries(Object.entries({ ...data, ...patch }).filter(([, value]) => value !== null));
