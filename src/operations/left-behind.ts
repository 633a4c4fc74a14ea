import { type CallView, isEnded, type ParticipantView } from '../model/call.ts';
import { isListener } from './leg-to-command.ts';

type Fits = (leg: ParticipantView) => boolean;

/**
 * Whether a call that is up is theirs to end although they have left it: somebody waits where they have parked him, or
 * no extension takes part any more and the call was theirs, as one that was transferred to an outside number.
 */
export function isLeftBehind(call: CallView, isTheirs: Fits): boolean {
  const legs = (call.participants ?? []).filter((leg) => !isListener(leg));
  const live = legs.filter((leg) => !isEnded(leg));
  const theirs = legs.filter(isTheirs);
  const hasParked = ({ parkedBy }: ParticipantView) =>
    theirs.some(({ number, extension }) => [number, extension?.number].includes(parkedBy ?? ''));
  if (live.some(hasParked)) return true;
  return live.every(({ extension }) => !extension) && theirs.some((leg) => leg === payer(legs));
}

/** Who calls pays; a call from outside is the first extension's that it reached (VoipNow, PhoneCalls Resource). */
function payer(legs: readonly ParticipantView[]): ParticipantView | undefined {
  const own = legs.filter(({ extension }) => extension);
  return own.find(({ role }) => role === 'CALLER') ?? own[0];
}
