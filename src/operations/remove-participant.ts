import { GatewayError } from '../model/errors.ts';
import { capabilitiesOf } from './capabilities.ts';
import { type CallInput, commandCall } from './command-call.ts';
import type { Context } from './context.ts';
import { isReachedBy } from './hangup-targets.ts';
import { ownLeg, selectorOf, talkers } from './leg-to-command.ts';

export type RemoveInput = CallInput & {
  /** An extension in full or short form, or an outside number. */
  readonly number: string;
};

/** Ends somebody else's leg of a conference; the others go on. Genesys: for whoever made it. */
export const removeParticipant = (context: Context, input: RemoveInput) =>
  commandCall(context, input, {
    operation: 'removeParticipant',
    capability: 'HANGUP_PARTY',
    command: (commands, ref, call) => {
      if (!capabilitiesOf(context, call).includes('REMOVE_PARTICIPANT')) {
        throw new GatewayError('WRONG_STATE');
      }
      const own = ownLeg(context, call);
      const others = talkers(call).filter(({ sequence }) => sequence !== own?.sequence);
      const [leg, another] = others.filter((other) => isReachedBy(other, input.number));
      if (!leg) throw new GatewayError('WRONG_STATE', 'Nobody else in the call has this number.');
      if (another) throw new GatewayError('PARTY_AMBIGUOUS');
      return commands.hangupParty(ref, selectorOf(leg));
    },
  });
