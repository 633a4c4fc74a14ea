import type { SwitchCommands } from '../connectors/connector.ts';
import type { CallView, ParticipantView } from '../model/call.ts';
import { GatewayError } from '../model/errors.ts';
import { sameNumber } from '../model/phone-number.ts';
import { type CallInput, commandCall } from './command-call.ts';
import type { Context } from './context.ts';
import { type CallReference, findCall } from './find-call.ts';
import { legToCommand, ownConsultations, selectorOf } from './leg-to-command.ts';
import { carrierOf } from './switches.ts';

/** Two calls of one extension, of which one is on hold. */
export type SwapInput = CallInput & {
  /** The other one; without it, the consultation about the call, or what it consults about. */
  readonly other?: CallReference | null | undefined;
};

/** Holds the one call that talks, and takes the other one back. */
export const swapCalls = (context: Context, input: SwapInput) =>
  commandCall(context, input, {
    operation: 'swapCalls',
    capability: 'HOLD',
    command: async (commands, _ref, call) => {
      const callId = counterpartOf(context, call);
      if (!input.other && !callId) throw new GatewayError('WRONG_STATE');
      const other = await findCall(context, input.other ?? { callId });
      if (other.id === call.id) throw new GatewayError('WRONG_STATE');
      if (other.connector !== call.connector) throw new GatewayError('NOT_SUPPORTED');
      const [talking, waiting] = legToCommand(context, call, 'CONNECTED')
        ? [call, other]
        : [other, call];
      return swap(context, commands, { talking, waiting });
    },
  });

/** The other call of a consultation: one's own about the call, before what it consults about itself. */
export const counterpartOf = (context: Context, call: CallView) =>
  ownConsultations(context, call)[0]?.id ?? call.parentId;

/** The legs of the one telephone that talks in the one call and holds the other. */
function legsOf(context: Context, talking: CallView, waiting: CallView) {
  const held = legToCommand(context, talking, 'CONNECTED');
  const back = legToCommand(context, waiting, 'HELD');
  if (held && back && isSamePhone(held, back)) return [held, back];
  throw new GatewayError('WRONG_STATE');
}

const isSamePhone = (one: ParticipantView, other: ParticipantView): boolean =>
  one.extension && other.extension
    ? one.extension.id === other.extension.id
    : sameNumber(one.number, other.number ?? '');

async function swap(
  context: Context,
  commands: SwitchCommands,
  { talking, waiting }: { readonly talking: CallView; readonly waiting: CallView },
) {
  const [from, to] = [talking, waiting].map(
    (call) => carrierOf(context.switches, call, 'HOLD').ref,
  );
  const [held, back] = legsOf(context, talking, waiting).map(selectorOf);
  if (!from || !to || !held || !back) throw new GatewayError('WRONG_STATE');
  await commands.setHold(from, held, true);
  try {
    return await commands.setHold(to, back, false);
  } catch (error) {
    // Nobody is to wait in both.
    await commands.setHold(from, held, false).catch(() => {});
    throw error;
  }
}
