import type { PartySelector } from '../connectors/connector.ts';
import { type CallState, type CallView, isEnded, type ParticipantView } from '../model/call.ts';
import { GatewayError } from '../model/errors.ts';
import type { Context } from './context.ts';

type Commander = Pick<Context, 'principal' | 'visibility'>;
type Commanded = CallView & { readonly commandedLeg?: string };

/**
 * The leg that is meant by answering, holding or retrieving a call: in one of these states, one's own extension before
 * others', the earlier state before the later, a telephone before what is none, extensions before outside numbers.
 * Whoever has a telephone in the call has only that, and a USER only its own: nobody answers a colleague's phone.
 * `commandedLeg` says which one, where several would do.
 */
export const legToCommand = (
  context: Commander,
  call: Commanded,
  ...states: readonly CallState[]
): ParticipantView | undefined => legsToCommand(context, call, states)[0];

/** All legs that may be meant, the one that is meant first. */
export function legsToCommand(
  context: Commander,
  call: Commanded,
  states: readonly CallState[],
): ParticipantView[] {
  const order = (leg: ParticipantView) => [
    isOwn(context, leg) ? 0 : 1,
    states.indexOf(leg.state),
    leg.extension?.kind === 'TERMINAL' ? 0 : 1,
    leg.extension ? 0 : 1,
  ];
  return commandable(context, call, states).sort((a, b) => compared(order(a), order(b)));
}

const isOwn = ({ principal }: Pick<Context, 'principal'>, { extension }: ParticipantView) =>
  extension?.ownerId === principal.userId;

function commandable(
  context: Commander,
  { participants = [], commandedLeg }: Commanded,
  states: readonly CallState[],
): ParticipantView[] {
  const { ownerId } = context.visibility;
  const isMine = (leg: ParticipantView) => isOwn(context, leg);
  // Of two who talk, one of whom holds the other, not the one who happens to be in that state.
  const isThere = participants.some(
    (leg) => isMine(leg) && leg.extension?.kind === 'TERMINAL' && !isEnded(leg) && !isListener(leg),
  );
  return participants
    .filter((candidate) => states.includes(candidate.state) && !isListener(candidate))
    .filter((leg) =>
      commandedLeg === undefined ? !isThere || isMine(leg) : leg.sequence === commandedLeg,
    )
    .filter(({ extension }) => ownerId === null || extension?.ownerId === ownerId);
}

/** By the first place in which they differ. */
function compared(one: readonly number[], other: readonly number[]): number {
  const place = one.findIndex((number, index) => number !== other[index]);
  return place < 0 ? 0 : (one[place] ?? 0) - (other[place] ?? 0);
}

/** The leg of one's own that has not left, whatever it does; without one's own, anybody's whom one may command. */
export const ownLeg = (context: Commander, call: CallView) =>
  legToCommand(context, call, 'CONNECTED', 'HELD', 'RINGING', 'DIALING');

/** The caller's own leg that talks, or waits. */
export const talkingLeg = (context: Commander, call: CallView) =>
  legToCommand(context, call, 'CONNECTED', 'HELD');

/** Whether the caller's own leg consults in a call: whoever is consulted talks there, too, and may be one's own. */
export const isConsulting = (context: Commander, call: CallView) =>
  legsToCommand(context, call, ['CONNECTED', 'HELD']).some(({ role }) => role === 'CALLER');

/** What the principal's own extensions consult about a call. */
export const ownConsultations = (
  { visibility }: Pick<Context, 'visibility'>,
  { consultations = [] }: CallView,
) =>
  consultations.filter(
    ({ ownerId }) => visibility.ownerId === null || ownerId === visibility.ownerId,
  );

/** Legs that have not left, without whom there is no call. */
export const talkers = ({ participants = [] }: CallView) =>
  participants.filter((leg) => !isEnded(leg) && !isListener(leg));

export const isListener = ({ role }: ParticipantView) => role === 'LISTENER';

/** The caller's own leg that listens. */
export const listeningLeg = (
  { principal }: Pick<Context, 'principal'>,
  { participants = [] }: CallView,
) =>
  participants.find(
    (leg) => isListener(leg) && !isEnded(leg) && leg.extension?.ownerId === principal.userId,
  );

/** How a switch is told which leg is meant. */
export function selectorOf({ nativeId, number }: ParticipantView): PartySelector {
  if (nativeId !== null) return { nativeId };
  if (number !== null) return { number };
  throw new GatewayError('NOT_SUPPORTED', 'The switch has no name for this leg.');
}
