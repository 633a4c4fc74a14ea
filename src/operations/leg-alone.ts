import { type CallView, isEnded, type ParticipantView } from '../model/call.ts';
import { isLeftBehind } from '../model/left-behind.ts';
import { isListener, talkers } from './leg-to-command.ts';

type Fits = (leg: ParticipantView) => boolean;

/** The leg that is all that hanging up ends, for the call goes on without it; null where it ends the call. */
export const legAlone = (call: CallView, isTheirs: Fits): ParticipantView | null =>
  listeningLegOf(call, isTheirs) ?? rungLegOf(call, isTheirs);

/** The leg of who only listens to a call: it goes on between those who talk. Null when they are among those. */
export function listeningLegOf({ participants = [] }: CallView, isTheirs: Fits) {
  const live = participants.filter((leg) => isTheirs(leg) && !isEnded(leg));
  return live.every(isListener) ? (live[0] ?? null) : null;
}

/** The leg of who is only rung to join those who talk, or to take out somebody whom another has parked: he declines. */
function rungLegOf(call: CallView, isTheirs: Fits): ParticipantView | null {
  const live = talkers(call);
  const theirs = live.filter(isTheirs);
  if (theirs.some(isThere)) return null;
  const others = live.filter((leg) => isThere(leg) && !isTheirs(leg));
  const waits = others.some(({ parkedAt }) => parkedAt) && !isLeftBehind(call, isTheirs);
  return waits || others.length > 1 ? (theirs[0] ?? null) : null;
}

const isThere = ({ state }: ParticipantView) => state === 'CONNECTED' || state === 'HELD';
