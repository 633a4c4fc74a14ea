import type { CallState, ParticipantRole } from '../../model/call.ts';
import { GatewayError } from '../../model/errors.ts';
import { sameNumber } from '../../model/phone-number.ts';
import { Fault } from './fault.ts';

/** A leg, as the document selects it. */
export interface Leg {
  readonly sequence: string;
  readonly role: ParticipantRole;
  readonly state: CallState;
  readonly number: string | null;
  readonly parkedBy: string | null;
  readonly extension: {
    readonly number: string;
    readonly shortNumber: string;
    readonly owner: { readonly number: string } | null;
  } | null;
}

/** What a body says about who moves whom (Transfer PhoneCalls). */
export interface Transferring {
  /** Who transfers. */
  readonly transferFromNumber?: string | null | undefined;
  /** Who is transferred. */
  readonly transferNumber?: string | null | undefined;
}

/** Whether a leg is that of an extension, in full or short form. */
export const isOfExtension = ({ extension }: Leg, number: string) =>
  extension?.number === number || extension?.shortNumber === number;

/** Whether a leg has a number: as the switch says it, or as its extension's. */
export const isAt = (leg: Leg, number: string) =>
  isOfExtension(leg, number) || sameNumber(leg.number, number);

/**
 * Refuses what is the id of no view that the call has now; but who has parked it may name the one that was his own, as
 * the samples of Park and UnPark do.
 */
export function requireView(legs: readonly Leg[], id: string | number | null | undefined): void {
  if (id === undefined || id === null) return;
  const sequence = String(Number(id)).padStart(2, '0');
  const hasParked = (own: Leg) =>
    legs.some(({ state, parkedBy }) => state !== 'ENDED' && parkedBy && isAt(own, parkedBy));
  const leg = legs.find((one) => one.sequence === sequence);
  if (leg && (leg.state !== 'ENDED' || hasParked(leg))) return;
  throw new Fault(
    'pc_phonecallview_invalid',
    'The phoneCallViewId must be the id of a view of the call, such as 00.',
  );
}

const LEFT = 'The extension in the URI has left the phone call, or only listens to it.';

/** Whose leg the path names. */
interface Whose {
  readonly userId: string;
  readonly extension: string;
}

/**
 * The leg that an action means: whoever transfers, else the path's extension; with `@self`, the user's when the path
 * names one, and null for one's own.
 */
export function legOf(
  legs: readonly Leg[],
  whose: Whose,
  { transferFromNumber: from, transferNumber: moved }: Transferring,
): string | null {
  // Whoever listens puts nobody through, nor is put through.
  const live = legs.filter(({ state, role }) => state !== 'ENDED' && role !== 'LISTENER');
  const movedLeg = moved ? partyOf(live, moved, 'transferNumber') : undefined;
  const others = live.filter((leg) => leg !== movedLeg);
  const fromLeg = from ? partyOf(others, from, 'transferFromNumber') : undefined;
  const own = ownOf({ live, gone: legs.filter((leg) => !live.includes(leg)) }, whose, fromLeg);
  if (fromLeg) return fromLeg.sequence;
  if (!movedLeg || (own && own !== movedLeg)) return own?.sequence ?? null;
  const [other, another] = others;
  if (other && !another) return other.sequence;
  throw new Fault(
    'pc_transferfromnumber_invalid',
    'The transferFromNumber must say who transfers.',
  );
}

interface Parties {
  readonly live: readonly Leg[];
  /** Who has left the call, or only listens to it. */
  readonly gone: readonly Leg[];
}

/** The leg that the path names; undefined where it leaves that to who asks. */
function ownOf({ live, gone }: Parties, { userId, extension }: Whose, from?: Leg): Leg | undefined {
  const isSelf = extension === '@self';
  if (isSelf && userId.startsWith('@')) return undefined;
  const isOwn = (leg: Leg) =>
    isSelf ? leg.extension?.owner?.number === userId : isAt(leg, extension);
  const [own, another] = live.filter(isOwn);
  if (!own && gone.some(isOwn)) throw new GatewayError('WRONG_STATE', LEFT);
  if (!own) throw new GatewayError('CALL_NOT_FOUND');
  // Whoever is named needs no guess; without a name, another phone than the one that is meant might be commanded.
  if (isSelf && another && !from) {
    throw new GatewayError(
      'BAD_INPUT',
      'Several extensions of the user are in the call: name one.',
    );
  }
  return own;
}

function partyOf(legs: readonly Leg[], number: string, field: string): Leg {
  const [leg, another] = legs.filter((candidate) => isAt(candidate, number));
  if (leg && !another) return leg;
  throw new Fault(
    `pc_${field.toLowerCase()}_invalid`,
    `The ${field} must be the number of one party of the call, and of no other.`,
  );
}
