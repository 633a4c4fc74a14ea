import type { ConsultEnd } from '../connectors/connector.ts';
import type { CallView } from '../model/call.ts';
import { GatewayError } from '../model/errors.ts';
import { runCommand } from './command.ts';
import { type CallInput, type CallReceipt, commandCall } from './command-call.ts';
import type { Context } from './context.ts';
import { type CallReference, findCall } from './find-call.ts';
import { isConsulting, ownConsultations, selectorOf, talkingLeg } from './leg-to-command.ts';
import { type MoveInput, newcomer } from './move-call.ts';
import { callIdOf } from './new-call.ts';
import { carrierOf, commanding, settling } from './switches.ts';
import { checkUserData, pairsOf } from './user-data-rules.ts';

/** The call, which waits, and the one that consults about it. */
export type ConsultReceipt = CallReceipt & { readonly consultationId: string };

/** Puts a call on hold, and calls somebody else about it from the same extension. */
export const consultCall = (context: Context, input: MoveInput) =>
  runCommand(context, {
    operation: 'consultCall',
    scope: 'CONTROL',
    input,
    run: async (touched): Promise<ConsultReceipt> => {
      const call = await findCall(context, input);
      touched.push(call.id);
      const leg = talkingLeg(context, call);
      if (!leg) throw new GatewayError('WRONG_STATE');
      const { carrier, ref } = carrierOf(context.switches, call, 'CONSULT');
      const target = await newcomer(context, call, input.to);
      const userData = pairsOf(input.userData ?? {});
      checkUserData({ ...call.userData, ...userData });
      const request = { ...target, userData };
      const second = await commanding(carrier.commands.consult(ref, selectorOf(leg), request));
      await settling(carrier);
      const consultationId = await callIdOf(context, carrier, second);
      touched.push(consultationId);
      return { callId: call.id, consultationId };
    },
  });

export type CompleteInput = CallInput & {
  /** The consultation; without it, the caller's only one about the call, or the call itself. */
  readonly consultation?: CallReference | null | undefined;
};

/** Puts the call through to whoever was consulted, who has answered; the caller leaves both calls. */
export const completeTransfer = (context: Context, input: CompleteInput) =>
  complete(context, input, { operation: 'completeTransfer', as: 'TRANSFER' });

/** Makes one call of both; the consultation ends. */
export const completeConference = (context: Context, input: CompleteInput) =>
  complete(context, input, { operation: 'completeConference', as: 'CONFERENCE' });

interface Completion {
  readonly operation: string;
  readonly as: ConsultEnd;
}

async function complete(context: Context, input: CompleteInput, { operation, as }: Completion) {
  let parentId: string | null = null;
  const receipt = await commandCall(context, input, {
    operation,
    capability: 'CONSULT',
    command: async (commands, _ref, call) => {
      const consultation = await consultationOf(context, call, input.consultation);
      // Whoever is consulted talks there, too: the call is not his to take.
      if (!isConsulting(context, consultation)) throw new GatewayError('WRONG_STATE');
      parentId = consultation.parentId ?? null;
      const { ref } = carrierOf(context.switches, consultation, 'CONSULT');
      return commands.complete(ref, as);
    },
  });
  return { callId: parentId ?? receipt.callId };
}

/** The consultation that is meant by a call: itself, or the caller's own one about it. */
async function consultationOf(
  context: Context,
  call: CallView,
  named: CallReference | null | undefined,
): Promise<CallView> {
  if (named) {
    const consultation = await findCall(context, named);
    const about = consultation.parentId;
    if (about && [about, consultation.id].includes(call.id)) return consultation;
    throw new GatewayError('WRONG_STATE', 'That call is no consultation about this one.');
  }
  const own = ownConsultations(context, call);
  // Who is consulted may consult somebody in turn.
  if (own.length === 0 && call.parentId) return call;
  if (own.length > 1) throw new GatewayError('CALL_AMBIGUOUS');
  const [consultation] = own;
  if (!consultation) throw new GatewayError('WRONG_STATE', 'Nobody is consulted about the call.');
  return findCall(context, { callId: consultation.id });
}
