import { GatewayError } from '../model/errors.ts';
import type { JsonObject } from '../model/json.ts';
import { isCallerName } from '../model/phone-number.ts';
import { runCommand } from './command.ts';
import type { CallReceipt } from './command-call.ts';
import type { Context } from './context.ts';
import { findOneExtension, type OneExtension } from './find-extension.ts';
import { callIdOf } from './new-call.ts';
import { switchOf } from './switch-of.ts';
import { commanding, settling } from './switches.ts';
import { targetOf } from './target-of.ts';
import { checkUserData, withoutNulls } from './user-data-rules.ts';

/** The extension that calls, and whom. */
export interface PlaceInput extends OneExtension {
  /** An extension of the organization in full or short form, or an outside number. */
  readonly to: string;
  readonly userData?: JsonObject | null | undefined;
  /** Until it is answered; null leaves it to the switch. */
  readonly ringSeconds?: number | null | undefined;
  /** Shown for the caller, where the switch can. */
  readonly callerName?: string | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

/** Places a call from an extension; answers when the switch has begun it. */
export const placeCall = (context: Context, input: PlaceInput) =>
  runCommand(context, {
    operation: 'placeCall',
    scope: 'CONTROL',
    input,
    run: async (touched): Promise<CallReceipt> => {
      const from = await findOneExtension(context, input);
      // Nobody sits at a queue or a mailbox; some switches would ring whoever waits there.
      if (from.kind !== 'TERMINAL') throw new GatewayError('EXTENSION_TYPE_NOT_ALLOWED');
      const userData = input.userData ?? {};
      checkUserData(withoutNulls(userData));
      checkManner(input);
      const { callee, ...target } = await targetOf(context, from.organizationId, input.to);
      if (callee?.id === from.id) {
        throw new GatewayError('BAD_INPUT', 'An extension cannot call itself.');
      }
      const carrier = await switchOf(context, from, 'PLACE');
      if (!carrier) throw new GatewayError('NOT_SUPPORTED', 'No switch of yours can place calls.');
      const ref = await commanding(
        carrier.commands.place({
          organizationId: from.organizationId,
          from: from.number,
          ...target,
          userData,
          ringSeconds: input.ringSeconds ?? null,
          callerName: input.callerName ?? null,
        }),
      );
      await settling(carrier);
      const callId = await callIdOf(context, carrier, ref);
      touched.push(callId);
      return { callId };
    },
  });

function checkManner({ ringSeconds, callerName }: PlaceInput) {
  if (typeof ringSeconds === 'number' && (ringSeconds < 1 || ringSeconds > 300)) {
    throw new GatewayError('BAD_INPUT', '`ringSeconds` takes 1 to 300.');
  }
  if (typeof callerName === 'string' && !isCallerName(callerName)) {
    throw new GatewayError('BAD_INPUT', '`callerName` takes 1 to 64 characters that can be shown.');
  }
}
