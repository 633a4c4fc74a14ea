import type { Capability, ListenRequest } from '../connectors/connector.ts';
import { GatewayError } from '../model/errors.ts';
import { type CallInput, commandCall } from './command-call.ts';
import type { Context } from './context.ts';
import { selectorOf, talkingLeg } from './leg-to-command.ts';
import { newcomer } from './move-call.ts';

/** Who is to listen to which call. */
export type ListenInput = CallInput & {
  /** An extension in full or short form, or an outside number; none that is in the call. */
  readonly to: string;
};

interface Step extends Pick<ListenRequest, 'whispers' | 'hears'> {
  readonly operation: string;
  readonly capability: Capability;
}

const listen = (
  context: Context,
  input: ListenInput,
  { operation, capability, whispers, hears }: Step,
) =>
  commandCall(context, input, {
    ...{ operation, capability },
    command: async (commands, ref, call) => {
      const leg = talkingLeg(context, call);
      if (!leg) throw new GatewayError('WRONG_STATE');
      const target = await newcomer(context, call, input.to);
      return commands.listen(ref, selectorOf(leg), { ...target, whispers, hears });
    },
  });

/** Rings somebody who hears the call, and whom nobody hears, when he answers. */
export const monitorCall = (context: Context, input: ListenInput) =>
  listen(context, input, {
    ...{ operation: 'monitorCall', capability: 'MONITOR' },
    ...{ whispers: false, hears: true },
  });

type WhisperInput = ListenInput & {
  /** Whether the call is not heard by him. */
  readonly withoutHearing?: boolean | null | undefined;
};

/** Rings somebody whom one leg of the call hears, and no other, when he answers. */
export const whisperToCall = (context: Context, input: WhisperInput) =>
  listen(context, input, {
    ...{ operation: 'whisperToCall', capability: 'WHISPER' },
    ...{ whispers: true, hears: !input.withoutHearing },
  });
