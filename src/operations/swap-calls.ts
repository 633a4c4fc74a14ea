import type { SwitchCommands } from '../connectors/connector.ts';
import type { CallView, ParticipantView } from '../model/call.ts';
import { GatewayError } from '../model/errors.ts';
import { sameNumber } from '../model/phone-number.ts';
import { type CallInput, commandCall } from './command-call.ts';
import type { Context } from './context.ts';
import { type CallReference, findCall } from './find-call.ts';
import { legsToCommand, ownConsultations, selectorOf } from './leg-to-command.ts';
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
      const pair = pairOf(context, call, other) ?? pairOf(context, other, call);
      if (!pair) throw new GatewayError('WRONG_STATE');
      return swap(context, commands, pair);
    },
  });

/** The other call of a consultation: one's own about the call, before what it consults about itself. */
export const counterpartOf = (context: Context, call: CallView) =>
  ownConsultations(context, call)[0]?.id ?? call.parentId;

/** A leg of a call. */
interface Place {
  readonly call: CallView;
  readonly leg: ParticipantView;
}

/** Where one telephone talks, and where the same one holds. */
interface Pair {
  readonly talking: Place;
  readonly waiting: Place;
}

/** The legs of one telephone that talks in the one call and holds the other; null without such a telephone. */
function pairOf(context: Context, talking: CallView, waiting: CallView): Pair | null {
  const candidates = legsToCommand(context, waiting, ['HELD']);
  for (const held of legsToCommand(context, talking, ['CONNECTED'])) {
    const back = candidates.find((leg) => isSamePhone(held, leg));
    if (back)
      return { talking: { call: talking, leg: held }, waiting: { call: waiting, leg: back } };
  }
  return null;
}

const isSamePhone = (one: ParticipantView, other: ParticipantView): boolean =>
  one.extension && other.extension
    ? one.extension.id === other.extension.id
    : sameNumber(one.number, other.number ?? '');

async function swap({ switches }: Context, commands: SwitchCommands, { talking, waiting }: Pair) {
  const { ref: from } = carrierOf(switches, talking.call, 'HOLD');
  const { ref: to } = carrierOf(switches, waiting.call, 'HOLD');
  const [held, back] = [selectorOf(talking.leg), selectorOf(waiting.leg)];
  await commands.setHold(from, held, true);
  try {
    return await commands.setHold(to, back, false);
  } catch (error) {
    // Nobody is to wait in both.
    await commands.setHold(from, held, false).catch(() => {});
    throw error;
  }
}
