import type { PartySelector } from '../connectors/connector.ts';
import { type CallState, type CallView, isEnded, type ParticipantView } from '../model/call.ts';
import { GatewayError } from '../model/errors.ts';
import type { Context } from './context.ts';

/**
 * The leg that is meant by answering, holding or retrieving a call: in this state, one's own extension before
 * others', extensions before outside numbers. A USER has only its own: nobody answers a colleague's phone.
 * `commandedLeg` says which one, where several would do.
 */
export function legToCommand(
  { principal, visibility }: Pick<Context, 'principal' | 'visibility'>,
  { participants = [], commandedLeg }: CallView & { readonly commandedLeg?: string },
  state: CallState,
): ParticipantView | undefined {
  const rank = ({ extension }: ParticipantView) =>
    (extension ? 1 : 0) + (extension?.ownerId === principal.userId ? 1 : 0);
  const [leg] = participants
    .filter((candidate) => candidate.state === state && !isListener(candidate))
    .filter(({ sequence }) => commandedLeg === undefined || sequence === commandedLeg)
    .filter(
      ({ extension }) => visibility.ownerId === null || extension?.ownerId === visibility.ownerId,
    )
    .sort((a, b) => rank(b) - rank(a));
  return leg;
}

/** The leg of one's own that has not left, whatever it does; without one's own, anybody's whom one may command. */
export const ownLeg = (context: Pick<Context, 'principal' | 'visibility'>, call: CallView) =>
  (['CONNECTED', 'HELD', 'RINGING', 'DIALING'] as const)
    .map((state) => legToCommand(context, call, state))
    .find((leg) => leg !== undefined);

/** The caller's own leg that talks, or waits. */
export const talkingLeg = (context: Pick<Context, 'principal' | 'visibility'>, call: CallView) =>
  legToCommand(context, call, 'CONNECTED') ?? legToCommand(context, call, 'HELD');

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
