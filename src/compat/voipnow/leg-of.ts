import { GatewayError } from '../../model/errors.ts';
import { sameNumber } from '../../model/phone-number.ts';
import { Fault } from './fault.ts';

/** A leg, as the document selects it. */
export interface Leg {
  readonly sequence: string;
  readonly state: string;
  readonly number: string | null;
  readonly extension: { readonly number: string; readonly shortNumber: string } | null;
}

/** What a body says about who moves whom (Transfer PhoneCalls). */
export interface Transferring {
  /** Who transfers. */
  readonly transferFromNumber?: string | null | undefined;
  /** Who is transferred. */
  readonly transferNumber?: string | null | undefined;
}

const isAt = (leg: Leg, number: string) =>
  leg.extension?.number === number ||
  leg.extension?.shortNumber === number ||
  sameNumber(leg.number, number);

/** The leg that an action means: whoever transfers, else the path's extension; with `@self`, null for one's own. */
export function legOf(
  legs: readonly Leg[],
  extension: string,
  { transferFromNumber: from, transferNumber: moved }: Transferring,
): string | null {
  const live = legs.filter(({ state }) => state !== 'ENDED');
  const own = live.find((leg) => extension !== '@self' && isAt(leg, extension));
  if (!own && extension !== '@self') throw new GatewayError('CALL_NOT_FOUND');
  const movedLeg = moved ? partyOf(live, moved, 'transferNumber') : undefined;
  const others = live.filter((leg) => leg !== movedLeg);
  if (from) return partyOf(others, from, 'transferFromNumber').sequence;
  if (!movedLeg || (own && own !== movedLeg)) return own?.sequence ?? null;
  const [other, another] = others;
  if (other && !another) return other.sequence;
  throw new Fault(
    'pc_transferfromnumber_invalid',
    'The transferFromNumber must say who transfers.',
  );
}

function partyOf(legs: readonly Leg[], number: string, field: string): Leg {
  const [leg, another] = legs.filter((candidate) => isAt(candidate, number));
  if (leg && !another) return leg;
  throw new Fault(
    `pc_${field.toLowerCase()}_invalid`,
    `The ${field} must be the number of one party of the call, and of no other.`,
  );
}
