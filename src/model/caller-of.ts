import type { ParticipantRole } from './call.ts';

/** A leg, as far as it matters here who calls whom. Times are ISO 8601. */
interface Leg {
  readonly sequence: string;
  readonly role: ParticipantRole;
  readonly ringingAt: string | null;
  readonly answeredAt: string | null;
  readonly leftAt: string | null;
}

/** A call with its legs, in the order of their sequence. */
interface Call<Own extends Leg> {
  readonly offeredAt: string;
  readonly participants: readonly Own[];
}

/**
 * Who calls a leg; undefined when nobody else is there. A CALLER is himself the calling one. Others are called by the
 * CALLER, but who had left by the time that they came in has put somebody else through: whoever waits, as in a parking
 * place. Rules fire by the same (BEST_CALLER in
 * `operations/fire-events.ts`).
 */
export function callerOf<Own extends Leg>(call: Call<Own>, leg: Own): Own | undefined {
  if (leg.role === 'CALLER') return leg;
  const others = call.participants.filter((one) => one !== leg && one.role !== 'LISTENER');
  const there = others.filter((one) => !hadLeft(one, beganAt(call, leg)));
  const best = there.length > 0 ? there : others;
  return best.find(({ role }) => role === 'CALLER') ?? best[0];
}

/** When a leg came into its call; Infinity for one that has not rung yet, and did not begin it. */
function beganAt({ offeredAt }: Call<Leg>, { ringingAt, answeredAt, role }: Leg): number {
  const at = ringingAt ?? answeredAt ?? (role === 'CALLEE' ? offeredAt : null);
  return at === null ? Number.POSITIVE_INFINITY : Date.parse(at);
}

const hadLeft = ({ leftAt }: Leg, by: number) => leftAt !== null && Date.parse(leftAt) <= by;
