import { GatewayError } from '../model/errors.ts';
import { sameNumber } from '../model/phone-number.ts';
import { beginCall, checkManner, type Manner } from './begin-call.ts';
import { runCommand } from './command.ts';
import type { CallReceipt } from './command-call.ts';
import type { Context } from './context.ts';
import { findOneExtension, type OneExtension } from './find-extension.ts';
import { targetOf } from './target-of.ts';

/** The extension that calls, and whom. */
export interface PlaceInput extends OneExtension, Manner {
  /** An extension of the organization in full or short form, or an outside number. */
  readonly to: string;
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
      checkManner(input);
      const { callee, ...target } = await targetOf(context, from.organizationId, input.to);
      if (callee?.id === from.id || sameNumber(target.to, from.number)) {
        throw new GatewayError('BAD_INPUT', '`to` is the extension itself.');
      }
      const ends = { from: from.number, ...target };
      const callId = await beginCall(context, from, { ends, manner: input, needs: 'PLACE' });
      touched.push(callId);
      return { callId };
    },
  });
