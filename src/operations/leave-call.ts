import type { CommandOutcome } from '../connectors/connector.ts';
import type { CallView, ParticipantView } from '../model/call.ts';
import { GatewayError } from '../model/errors.ts';
import { type CallInput, commandCall } from './command-call.ts';
import type { Context } from './context.ts';
import { isListener, listeningLeg, ownLeg, selectorOf, talkers } from './leg-to-command.ts';

/** Hangs up the caller's own telephone; the others go on, unless fewer than two would be left. */
export const leaveCall = (context: Context, input: CallInput) =>
  commandCall(context, input, {
    operation: 'leaveCall',
    capability: 'HANGUP',
    command: async (commands, ref, call) => {
      // Whoever listens to others has no other leg of his own, though he may command theirs.
      const leg =
        talksHimself(context, call) ?? listeningLeg(context, call) ?? ownLeg(context, call);
      if (!leg) throw new GatewayError('WRONG_STATE');
      const legs = typeof input.participant === 'string' ? [leg] : legsOfPhone(call, leg);
      // Others may have come into a call of two that talks: its switch knows when it is over.
      const isLegOnly = canLeave(context, call) && call.answeredAt !== null;
      const endsIt = talkers(call).length - legs.length < 2 && !isListener(leg);
      if (endsIt && !isLegOnly) return commands.hangup(ref);
      const outcomes: CommandOutcome[] = [];
      for (const one of legs) outcomes.push(await commands.hangupParty(ref, selectorOf(one)));
      return outcomes.includes('ACCEPTED') ? 'ACCEPTED' : 'ALREADY_ENDED';
    },
  });

const canLeave = ({ switches }: Context, { connector }: CallView): boolean =>
  switches.get(connector ?? '')?.capabilities.has('HANGUP_PARTY') === true;

function talksHimself(context: Context, call: CallView): ParticipantView | undefined {
  const leg = ownLeg(context, call);
  return leg?.extension?.ownerId === context.principal.userId ? leg : undefined;
}

/** A telephone may be in a call twice, as where a switch has made one of two: it leaves it altogether. */
function legsOfPhone(call: CallView, leg: ParticipantView): readonly ParticipantView[] {
  const { extension } = leg;
  if (!extension || isListener(leg)) return [leg];
  return talkers(call).filter((other) => other.extension?.id === extension.id);
}
