import { type CallView, isEnded, type ParticipantView } from '../model/call.ts';
import { isLeftBehind } from '../model/left-behind.ts';
import { isListener, talkers } from './leg-to-command.ts';

type Fits = (leg: ParticipantView) => boolean;

/** The legs that are all that hanging up ends, for the call goes on without them; none where it ends the call. */
export function legsAlone(call: CallView, isTheirs: Fits): readonly ParticipantView[] {
  const listening = listeningLegsOf(call, isTheirs);
  return listening.length > 0 ? listening : rungLegsOf(call, isTheirs);
}

/** The legs of who only listens to a call: it goes on between those who talk. None when they are among those. */
export function listeningLegsOf({ participants = [] }: CallView, isTheirs: Fits) {
  const live = participants.filter((leg) => isTheirs(leg) && !isEnded(leg));
  return live.every(isListener) ? live : [];
}

/** The legs of who is only rung to join those who talk, or to take out somebody whom another has parked: he declines. */
function rungLegsOf(call: CallView, isTheirs: Fits): readonly ParticipantView[] {
  const live = talkers(call);
  const theirs = live.filter(isTheirs);
  if (theirs.some(isThere)) return [];
  const others = live.filter((leg) => isThere(leg) && !isTheirs(leg));
  const waits = others.some(({ parkedAt }) => parkedAt) && !isLeftBehind(call, isTheirs);
  return waits || others.length > 1 ? theirs : [];
}

const isThere = ({ state }: ParticipantView) => state === 'CONNECTED' || state === 'HELD';
