import type { CallView, ParticipantView } from '../model/call.ts';
import { GatewayError } from '../model/errors.ts';
import { type CallInput, commandCall } from './command-call.ts';
import type { Context } from './context.ts';
import { isListener, listeningLeg, ownLeg, selectorOf, talkers } from './leg-to-command.ts';

/** Hangs up the caller's own leg; the others go on, unless fewer than two would be left. */
export const leaveCall = (context: Context, input: CallInput) =>
  commandCall(context, input, {
    operation: 'leaveCall',
    capability: 'HANGUP',
    command: (commands, ref, call) => {
      // Whoever listens to others has no other leg of his own, though he may command theirs.
      const leg =
        talksHimself(context, call) ?? listeningLeg(context, call) ?? ownLeg(context, call);
      if (!leg) throw new GatewayError('WRONG_STATE');
      if (talkers(call).length <= 2 && !isListener(leg)) return commands.hangup(ref);
      return commands.hangupParty(ref, selectorOf(leg));
    },
  });

function talksHimself(context: Context, call: CallView): ParticipantView | undefined {
  const leg = ownLeg(context, call);
  return leg?.extension?.ownerId === context.principal.userId ? leg : undefined;
}
