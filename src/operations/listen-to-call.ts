import type {
  CallRef,
  Capability,
  ListenRequest,
  SwitchCommands,
} from '../connectors/connector.ts';
import type { ParticipantView } from '../model/call.ts';
import { GatewayError } from '../model/errors.ts';
import { type CallInput, commandCall } from './command-call.ts';
import type { Context } from './context.ts';
import { selectorOf, talkingLeg } from './leg-to-command.ts';
import { newPhone } from './move-call.ts';

/** Which phone is to come to which call. */
export type ListenInput = CallInput & {
  /** A phone of one's own in full or short form; none that is in the call. */
  readonly to: string;
};

interface Visit {
  readonly commands: SwitchCommands;
  readonly ref: CallRef;
  readonly leg: ParticipantView;
  readonly phone: Awaited<ReturnType<typeof newPhone>>;
}

interface Step {
  readonly operation: string;
  readonly capability: Capability;
  act(visit: Visit): ReturnType<SwitchCommands['listen']>;
}

/** Strangers' phones hear nothing, nor are colleagues' rung for it: who supervises does so on his own. */
const visitCall = (context: Context, input: ListenInput, { act, ...step }: Step) =>
  commandCall(context, input, {
    ...step,
    command: async (commands, ref, call) => {
      const leg = talkingLeg(context, call);
      if (!leg) throw new GatewayError('WRONG_STATE');
      return act({ commands, ref, leg, phone: await newPhone(context, call, input.to) });
    },
  });

const listening =
  (how: Pick<ListenRequest, 'whispers' | 'hears'>): Step['act'] =>
  ({ commands, ref, leg, phone }) =>
    commands.listen(ref, selectorOf(leg), { ...phone, ...how });

/** Rings a phone that hears the call, and that nobody hears, when it is answered. */
export const monitorCall = (context: Context, input: ListenInput) =>
  visitCall(context, input, {
    ...{ operation: 'monitorCall', capability: 'MONITOR' },
    act: listening({ whispers: false, hears: true }),
  });

type WhisperInput = ListenInput & {
  /** Whether the call is not heard there. */
  readonly withoutHearing?: boolean | null | undefined;
};

/** Rings a phone that one leg of the call hears, and no other, when it is answered. */
export const whisperToCall = (context: Context, input: WhisperInput) =>
  visitCall(context, input, {
    ...{ operation: 'whisperToCall', capability: 'WHISPER' },
    act: listening({ whispers: true, hears: !input.withoutHearing }),
  });

/** Rings a phone that joins the call when it is answered. */
export const bargeIntoCall = (context: Context, input: ListenInput) =>
  visitCall(context, input, {
    ...{ operation: 'bargeIntoCall', capability: 'CONFERENCE' },
    act: ({ commands, ref, phone }) => commands.invite(ref, phone),
  });
