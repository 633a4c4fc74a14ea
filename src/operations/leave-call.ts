import { GatewayError } from '../model/errors.ts';
import { type CallInput, commandCall } from './command-call.ts';
import type { Context } from './context.ts';
import { liveLegs, ownLeg, selectorOf } from './leg-to-command.ts';

/** Hangs up the caller's own leg; the others go on, unless fewer than two would be left. */
export const leaveCall = (context: Context, input: CallInput) =>
  commandCall(context, input, {
    operation: 'leaveCall',
    capability: 'HANGUP',
    command: (commands, ref, call) => {
      const leg = ownLeg(context, call);
      if (!leg) throw new GatewayError('WRONG_STATE');
      if (liveLegs(call).length <= 2) return commands.hangup(ref);
      return commands.hangupParty(ref, selectorOf(leg));
    },
  });
