import type {
  CallRef,
  Capability,
  CommandOutcome,
  SwitchCommands,
} from '../connectors/connector.ts';
import { type CallState, type CallView, isEnded } from '../model/call.ts';
import { GatewayError } from '../model/errors.ts';
import { capabilitiesOf } from './capabilities.ts';
import { runCommand } from './command.ts';
import type { Context } from './context.ts';
import type { CallReference } from './find-call.ts';
import { legToCommand, selectorOf } from './leg-to-command.ts';
import { findNamed, type Named } from './select-call.ts';
import { carrierOf, commanding, settling } from './switches.ts';

/** A mutation of one live call. */
export interface CallInput extends CallReference {
  /** Which leg is meant, by its sequence; null or absent means one's own. */
  readonly participant?: string | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

/** The switch has not said which; a leg may be gone from a call that goes on. */
const GONE = 'The leg that is meant is in the call no more, or the call has ended.';

/** The id of the call that was commanded. */
export type CallReceipt = { readonly callId: string };

interface Step {
  readonly operation: string;
  readonly capability: Capability;
  command(commands: SwitchCommands, ref: CallRef, call: CallView): Promise<CommandOutcome>;
}

/** Commands the switch that carries a call, and answers when all that it has said of it by then is recorded. */
export function commandCall(
  context: Context,
  input: CallInput & Named,
  step: Step,
): Promise<CallReceipt> {
  return runCommand(context, {
    operation: step.operation,
    scope: 'CONTROL',
    input,
    run: async (touched) => {
      const call = withLeg(await findNamed(context, input), input.participant);
      touched.push(call.id);
      if (isEnded(call)) throw new GatewayError('WRONG_STATE', 'The call has ended.');
      const { carrier, ref } = carrierOf(context.switches, call, step.capability);
      const outcome = await commanding(step.command(carrier.commands, ref, call));
      // What the switch has said of it by now is in the database when the answer is.
      await settling(carrier);
      if (outcome === 'ALREADY_ENDED') throw new GatewayError('WRONG_STATE', GONE);
      return { callId: call.id };
    },
  });
}

/** The call with the leg that is meant: the only one that may be commanded. */
function withLeg(call: CallView, sequence: string | null | undefined): CallView {
  if (typeof sequence !== 'string') return call;
  if (call.participants?.some((leg) => leg.sequence === sequence)) {
    return Object.assign({ ...call }, { commandedLeg: sequence });
  }
  throw new GatewayError('BAD_INPUT', 'The call has no such `participant`.');
}

/** Connects the ringing leg of a call. */
export const answerCall = (context: Context, input: CallInput) =>
  commandCall(context, input, {
    operation: 'answerCall',
    capability: 'ANSWER',
    command: (commands, ref, call) => commands.answer(ref, partyOf(context, call, 'RINGING')),
  });

/** Puts the call on hold, on the side of the caller's own extension. */
export const holdCall = (context: Context, input: CallInput) =>
  commandCall(context, input, {
    operation: 'holdCall',
    capability: 'HOLD',
    command: (commands, ref, call) =>
      commands.setHold(ref, partyOf(context, call, 'CONNECTED'), true),
  });

/** Takes the call back from hold. */
export const retrieveCall = (context: Context, input: CallInput) =>
  commandCall(context, input, {
    operation: 'retrieveCall',
    capability: 'HOLD',
    command: (commands, ref, call) => commands.setHold(ref, partyOf(context, call, 'HELD'), false),
  });

/** Sends DTMF digits to those who talk in a call, or where a switch can, from the leg that dials. */
export const sendDtmf = (context: Context, input: CallInput & { readonly digits: string }) =>
  commandCall(context, input, {
    operation: 'sendDtmf',
    capability: 'SEND_DTMF',
    command: (commands, ref, call) => {
      if (!/^[0-9*#A-D]{1,64}$/.test(input.digits)) {
        throw new GatewayError('BAD_INPUT', '`digits` takes 1 to 64 of 0-9, *, # and A-D.');
      }
      if (!capabilitiesOf(context, call).includes('SEND_DTMF')) {
        throw new GatewayError('WRONG_STATE');
      }
      return commands.sendDtmf(ref, input.digits);
    },
  });

/** How the switch calls the caller's own leg in this state. */
export function partyOf(context: Context, call: CallView, state: CallState) {
  const leg = legToCommand(context, call, state);
  if (!leg) throw new GatewayError('WRONG_STATE');
  return selectorOf(leg);
}
