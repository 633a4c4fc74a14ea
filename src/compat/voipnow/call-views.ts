import type { CallState, Direction, Disposition, ParticipantRole } from '../../model/call.ts';
import { callerOf } from '../../model/caller-of.ts';
import type { ExtensionKind } from '../../model/extension.ts';
import { dateOf, withoutNulls } from './collection.ts';
import type { Resource } from './filter.ts';

/** A leg, as the document selects it. */
export interface CallParty {
  readonly sequence: string;
  readonly role: ParticipantRole;
  readonly number: string | null;
  readonly name: string | null;
  readonly state: CallState;
  readonly ringingAt: string | null;
  readonly answeredAt: string | null;
  readonly heldAt: string | null;
  readonly leftAt: string | null;
  readonly disposition: Disposition | null;
  readonly parkedAt: string | null;
  readonly parkedPosition: number | null;
  readonly parkedBy: string | null;
  readonly extension: { readonly number: string; readonly kind: ExtensionKind } | null;
}

/** A call with its legs, as the document selects it. */
export interface CallWithParties {
  readonly state: CallState;
  readonly direction: Direction;
  readonly ani: string | null;
  readonly dnis: string | null;
  readonly offeredAt: string;
  readonly recordingSince: string | null;
  readonly participants: readonly CallParty[];
}

const FLOWS: Record<Direction, number> = { INTERNAL: 2, OUTBOUND: 4, INBOUND: 8 };

const DISPOSITIONS: Record<Disposition, number> = {
  ANSWERED: 0,
  BUSY: 1,
  FAILED: 2,
  NO_ANSWER: 3,
  REJECTED: 1,
  CANCELLED: 3,
  LOST: 4,
};

/** One view a party (PhoneCallView); who has left is seen once the call is over, and not before. */
export function viewsOf(call: CallWithParties): readonly Resource[] {
  const isOver = call.state === 'ENDED';
  const present = call.participants.filter(({ state }) => isOver || state !== 'ENDED');
  return present.map((party) => viewOf(call, present, party));
}

function viewOf(call: CallWithParties, present: readonly CallParty[], party: CallParty): Resource {
  const caller = callerOf(call, party);
  const isCalled = ({ role }: CallParty) => role !== 'CALLER' && role !== 'LISTENER';
  const destinations = present.filter((one) => isCalled(one) && one !== caller);
  const heldAt = present.find(holds)?.heldAt ?? null;
  return withoutNulls({
    id: party.sequence,
    extension: numberOf(party),
    source: numbersOf(caller ? [caller] : [], call.ani),
    destination: numbersOf(destinations, call.dnis),
    flow: FLOWS[call.direction],
    status: statusOf(present, party),
    ringing: dateOf(party.ringingAt),
    callerId: callerIdOf(caller),
    recording: dateOf(call.recordingSince),
    answered: dateOf(party.answeredAt),
    parked: dateOf(party.parkedAt),
    parkedPos: party.parkedPosition,
    parkedBy: party.parkedBy,
    onHold: dateOf(heldAt),
    holder: heldAt === null ? null : Number(holds(party)),
    disposition: party.disposition && DISPOSITIONS[party.disposition],
  });
}

/** Who is parked waits, and holds nobody. */
const holds = ({ heldAt, parkedAt }: CallParty) => heldAt !== null && parkedAt === null;

/** 0 unknown, 2 trying, 3 ringing, 4 the other side is ringing, 5 on call; who waits for others tries. */
function statusOf(present: readonly CallParty[], { state, role }: CallParty): number {
  if (state === 'CONNECTED' || state === 'HELD') return 5;
  if (state === 'ENDED') return 0;
  if (role !== 'CALLER') return state === 'RINGING' ? 3 : 2;
  return state === 'RINGING' || present.some((one) => one.state === 'RINGING') ? 4 : 2;
}

/** A callback extension has a call made, and is nobody's phone. */
const numberOf = ({ extension, number }: CallParty) =>
  extension && extension.kind !== 'CALLBACK' ? extension.number : number;

const numbersOf = (parties: readonly CallParty[], otherwise: string | null) => {
  const numbers = parties.flatMap((party) => numberOf(party) ?? []);
  return numbers.length > 0 ? numbers : otherwise === null ? [] : [otherwise];
};

/** `John Doe <42420042>`, or what is known of it. */
function callerIdOf(caller: CallParty | undefined): string | null {
  if (!caller?.number) return caller?.name ?? null;
  return caller.name === null ? caller.number : `${caller.name} <${caller.number}>`;
}
