import type { CallState, ParticipantRole } from './call.ts';

/** A leg, as far as it matters here whose call it is. */
interface Leg {
  readonly role: ParticipantRole;
  readonly state: CallState;
  readonly number: string | null;
  readonly parkedBy?: string | null;
  readonly extension?: { readonly number: string } | null;
}

/** A call with its legs. */
interface Call<Own extends Leg> {
  readonly state: CallState;
  readonly participants?: readonly Own[];
}

type Fits<Own> = (leg: Own) => boolean;

/** Whether such a leg is in the call still; of an ended call, whether it ever was. */
export const takesPart = <Own extends Leg>(
  { state, participants = [] }: Call<Own>,
  fits: Fits<Own>,
) => participants.some((leg) => fits(leg) && (state === 'ENDED' || leg.state !== 'ENDED'));

/**
 * Whether a call that is up is theirs to end although they have left it: somebody waits where they have parked him, or
 * no extension takes part any more and the call was theirs, as one that was transferred to an outside number.
 */
export function isLeftBehind<Own extends Leg>(
  { participants = [] }: Call<Own>,
  isTheirs: Fits<Own>,
): boolean {
  const legs = participants.filter(({ role }) => role !== 'LISTENER');
  const live = legs.filter(({ state }) => state !== 'ENDED');
  const theirs = legs.filter(isTheirs);
  const hasParked = ({ parkedBy }: Leg) =>
    theirs.some(({ number, extension }) => [number, extension?.number].includes(parkedBy ?? ''));
  if (live.some(hasParked)) return true;
  return live.every(({ extension }) => !extension) && theirs.some((leg) => leg === payer(legs));
}

/** Whether a call is one of theirs: they take part in it, or have left it behind. */
export const isOf = <Own extends Leg>(call: Call<Own>, isTheirs: Fits<Own>) =>
  takesPart(call, isTheirs) || isLeftBehind(call, isTheirs);

/** Who calls pays; a call from outside is the first extension's that it reached (VoipNow, PhoneCalls Resource). */
function payer<Own extends Leg>(legs: readonly Own[]): Own | undefined {
  const own = legs.filter(({ extension }) => extension);
  return own.find(({ role }) => role === 'CALLER') ?? own[0];
}
