import { isEnded } from '../../model/call.ts';
import { sameNumber } from '../../model/phone-number.ts';
import type {
  CallEnd,
  CallRef,
  ParkingPlace,
  PlaceRequest,
  SwitchCall,
  SwitchParty,
  TransferTarget,
} from '../connector.ts';

/** Where a call of the simulator begins; without user data it has none. */
export type OfferRequest = Omit<PlaceRequest, 'organizationId' | 'userData'> &
  Partial<Pick<PlaceRequest, 'userData'>> &
  Pick<SwitchCall, 'organizationId'> & {
    /** Native id of the call about which it consults. */
    readonly consultOf?: string;
  };

const NO_TIMES = { ringingAt: null, answeredAt: null, heldAt: null, leftAt: null };

/** Who has a leg, and whether by an outside line. */
interface Party extends Pick<SwitchParty, 'role' | 'number'> {
  readonly isOutside: boolean;
}

const newParty = (call: CallRef, index: number, { role, number, isOutside }: Party) => ({
  nativeId: `${call.nativeId}-${index}`,
  role,
  number,
  name: null,
  state: 'DIALING' as const,
  ...NO_TIMES,
  // Nothing that switches say, so that only those have it who are outside.
  ...(isOutside && { isOutside }),
});

const isOutside = (party: SwitchParty): boolean => 'isOutside' in party;

/** A call that dials: the caller's leg first, then the callee's. */
export const dialled = (ref: CallRef, request: OfferRequest, at: string): SwitchCall => ({
  ...ref,
  organizationId: request.organizationId,
  state: 'DIALING',
  ani: request.from,
  dnis: request.to,
  parties: [
    { ...newParty(ref, 0, callerOf(request)), name: request.callerName ?? null },
    newParty(ref, 1, { role: 'CALLEE', number: request.to, isOutside: !request.toExtension }),
  ],
  userData: request.userData ?? {},
  identifiers: [],
  recordingState: 'STOPPED',
  consultOf: request.consultOf ?? null,
  offeredAt: at,
  answeredAt: null,
  endedAt: null,
  end: null,
});

const callerOf = ({ from, fromExtension = true }: OfferRequest): Party => ({
  ...{ role: 'CALLER', number: from, isOutside: !fromExtension },
});

/** Rings at the callee. */
export const rung = (call: SwitchCall, at: string): SwitchCall => ({
  ...call,
  state: 'RINGING',
  parties: call.parties.map((party) =>
    party.role === 'CALLEE' ? { ...party, state: 'RINGING', ringingAt: at } : party,
  ),
});

/** Connects one leg, and with it the caller who waited. */
export function answered(call: SwitchCall, leg: SwitchParty, at: string): SwitchCall {
  const takenOut = isListener(leg) ? (party: SwitchParty) => party : unparked;
  const joins = (party: SwitchParty) =>
    party.nativeId === leg.nativeId || (party.role === 'CALLER' && party.state === 'DIALING');
  const parties = call.parties.map((party) =>
    joins(party) ? { ...party, state: 'CONNECTED' as const, answeredAt: at } : takenOut(party),
  );
  return settled({ ...call, parties, answeredAt: call.answeredAt ?? at });
}

/** Whoever answers takes those out who are parked. */
const unparked = (party: SwitchParty): SwitchParty =>
  party.parking ? { ...party, state: 'CONNECTED', heldAt: null, parking: null } : party;

/** Puts one leg on hold, or takes it back. */
export function held(call: SwitchCall, leg: SwitchParty, on: boolean, at: string): SwitchCall {
  const change = on
    ? { state: 'HELD' as const, heldAt: at }
    : { state: 'CONNECTED' as const, heldAt: null };
  const parties = call.parties.map((party) =>
    party.nativeId === leg.nativeId ? { ...party, ...change } : party,
  );
  return settled({ ...call, parties });
}

/** One leg leaves; the others go on. */
export function left(call: SwitchCall, leg: SwitchParty, at: string): SwitchCall {
  const parties = call.parties.map((party) =>
    party.nativeId === leg.nativeId ? gone(party, at) : party,
  );
  return settled({ ...call, parties });
}

/** One leg leaves, and the others wait in a parking place. */
export function parked(call: SwitchCall, leg: SwitchParty, place: ParkingPlace): SwitchCall {
  const parties = call.parties.map((party) => {
    if (party.nativeId === leg.nativeId) return gone(party, place.at);
    if (isEnded(party) || isListener(party)) return party;
    return { ...party, state: 'HELD' as const, heldAt: place.at, parking: place };
  });
  return settled({ ...call, parties });
}

/** Somebody else rings, last among the legs: by default in place of a ringing one its like, else one who joins. */
export function joined(
  call: SwitchCall,
  { to, toExtension }: TransferTarget,
  at: string,
  role: SwitchParty['role'] = call.answeredAt === null ? 'CALLEE' : 'OTHER',
): SwitchCall {
  const party = { role, number: to, isOutside: !toExtension };
  const next = newParty(call, call.parties.length, party);
  const ringing = { ...next, state: 'RINGING' as const, ringingAt: at };
  return settled({ ...call, parties: [...call.parties, ringing] });
}

/** Rings somewhere else before it has rung at the callee. */
export const forwarded = (
  call: SwitchCall,
  leg: SwitchParty,
  target: TransferTarget,
  at: string,
): SwitchCall => ({ ...joined(left(call, leg, at), target, at), state: 'RINGING' });

/**
 * Those who talk in one call go on in another one; a telephone that talks there already goes on as the leg that it has.
 * Who holds both holds what becomes of them: he may talk elsewhere.
 */
export function merged(call: SwitchCall, legs: readonly SwitchParty[], at: string): SwitchCall {
  const there = talkers(call);
  const newcomers = legs.filter((leg) => !hasPhone(there, leg));
  const stay = (party: SwitchParty) => {
    if (isEnded(party) || !hasPhone(legs, party)) return party;
    if (isListener(party)) return gone(party, at);
    const isHolding = isHeld(party) && legs.filter((leg) => isSamePhone(leg, party)).every(isHeld);
    return isHolding ? party : talking(party, at);
  };
  const others = newcomers.map((leg, index) => {
    const party = { role: 'OTHER', number: leg.number, isOutside: isOutside(leg) } as const;
    const next = { ...newParty(call, call.parties.length + index, party), name: leg.name };
    return isHeld(leg)
      ? { ...next, state: leg.state, answeredAt: at, heldAt: leg.heldAt }
      : talking(next, at);
  });
  return settled({ ...call, parties: [...call.parties.map(stay), ...others] });
}

/** Whether somebody holds the call himself: who is parked waits for others. */
const isHeld = ({ state, parking }: SwitchParty): boolean => state === 'HELD' && !parking;

/** Whether one of these legs is of the same telephone. */
const hasPhone = (legs: readonly SwitchParty[], party: SwitchParty): boolean =>
  legs.some((leg) => isSamePhone(leg, party));

/** Whether two legs are of one telephone. Outside, many may have one number, such as a company's. */
export const isSamePhone = (one: SwitchParty, other: SwitchParty): boolean =>
  other.number !== null &&
  sameNumber(one.number, other.number) &&
  !isOutside(one) &&
  !isOutside(other);

const talking = (party: SwitchParty, at: string): SwitchParty => ({
  ...party,
  ...{ state: 'CONNECTED', answeredAt: party.answeredAt ?? at, heldAt: null, parking: null },
});

/** The call is over. */
export const ended = (call: SwitchCall, end: CallEnd, at: string): SwitchCall => ({
  ...call,
  state: 'ENDED',
  parties: call.parties.map((party) => gone(party, at)),
  recordingState: 'STOPPED',
  endedAt: at,
  end,
});

/** How a call ends whose time is over. */
export const timedOut = ({ answeredAt }: SwitchCall): CallEnd =>
  answeredAt === null
    ? { disposition: 'NO_ANSWER', by: 'SWITCH', q850Cause: 19 }
    : { disposition: 'ANSWERED', by: 'SWITCH', q850Cause: 16 };

/** Legs that have not left. */
export const liveLegs = (call: SwitchCall) => call.parties.filter((party) => !isEnded(party));

/** Those of them without whom there is no call. */
export const talkers = (call: SwitchCall) => liveLegs(call).filter((party) => !isListener(party));

export const isListener = ({ role }: SwitchParty) => role === 'LISTENER';

const gone = (party: SwitchParty, at: string): SwitchParty =>
  isEnded(party) ? party : { ...party, state: 'ENDED', leftAt: at, parking: null };

/** An answered call is HELD while one of its legs is, else CONNECTED. */
function settled(call: SwitchCall): SwitchCall {
  if (call.answeredAt === null) return call;
  const isWaiting = call.parties.some((party) => party.state === 'HELD');
  return { ...call, state: isWaiting ? 'HELD' : 'CONNECTED' };
}
