import type { CommandOutcome, SwitchLink } from '../connectors/connector.ts';
import { type CallState, type CallView, isEnded, type ParticipantView } from '../model/call.ts';
import { GatewayError } from '../model/errors.ts';
import { runCommand } from './command.ts';
import type { Context } from './context.ts';
import { type CallReference, findCall } from './find-call.ts';
import { legToCommand, selectorOf } from './leg-to-command.ts';
import { carrierOf, commanding, settling } from './switches.ts';
import { targetOf } from './target-of.ts';

/** A mutation of one live call. */
export interface CallInput extends CallReference {
  readonly idempotencyKey?: string | null | undefined;
}

/** The id of the call that was commanded. */
export type CallReceipt = { readonly callId: string };

type Ref = Parameters<SwitchLink['hangup']>[0];
type Commands = Pick<SwitchLink, 'answer' | 'setHold' | 'sendDtmf' | 'transfer'>;

interface Step {
  readonly operation: string;
  readonly capability: 'ANSWER' | 'HOLD' | 'SEND_DTMF' | 'TRANSFER';
  command(commands: Commands, ref: Ref, call: CallView): Promise<CommandOutcome>;
}

function commandCall(context: Context, input: CallInput, step: Step): Promise<CallReceipt> {
  return runCommand(context, {
    operation: step.operation,
    scope: 'CONTROL',
    input,
    run: async (touched) => {
      const call = await findCall(context, input);
      touched.push(call.id);
      if (isEnded(call)) throw new GatewayError('WRONG_STATE', 'The call has ended.');
      const { carrier, ref } = carrierOf(context.switches, call, step.capability);
      const outcome = await commanding(step.command(carrier.commands, ref, call));
      // What the switch has said of it by now is in the database when the answer is.
      await settling(carrier);
      if (outcome === 'ALREADY_ENDED') throw new GatewayError('WRONG_STATE', 'It has ended.');
      return { callId: call.id };
    },
  });
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

/** Puts the other party through to a number, without waiting for an answer there; the caller's own leg leaves. */
export const transferCall = (context: Context, input: CallInput & { readonly to: string }) =>
  commandCall(context, input, {
    operation: 'transferCall',
    capability: 'TRANSFER',
    command: async (commands, ref, call) => {
      const { callee, ...target } = await targetOf(context, call.organizationId, input.to);
      const leg = legToCommand(context, call, 'CONNECTED');
      if (!leg) throw new GatewayError('WRONG_STATE');
      const isThere = ({ state, extension }: ParticipantView) =>
        state !== 'ENDED' && extension?.id === callee?.id;
      if (callee && call.participants?.some(isThere)) {
        throw new GatewayError('BAD_INPUT', '`to` is in the call already.');
      }
      return commands.transfer(ref, selectorOf(leg), target);
    },
  });

/** Sends DTMF digits into a connected call. */
export const sendDtmf = (context: Context, input: CallInput & { readonly digits: string }) =>
  commandCall(context, input, {
    operation: 'sendDtmf',
    capability: 'SEND_DTMF',
    command: (commands, ref) => {
      if (!/^[0-9*#A-D]{1,64}$/.test(input.digits)) {
        throw new GatewayError('BAD_INPUT', '`digits` takes 1 to 64 of 0-9, *, # and A-D.');
      }
      return commands.sendDtmf(ref, input.digits);
    },
  });

function partyOf(context: Context, call: CallView, state: CallState) {
  const leg = legToCommand(context, call, state);
  if (!leg) throw new GatewayError('WRONG_STATE');
  return selectorOf(leg);
}
