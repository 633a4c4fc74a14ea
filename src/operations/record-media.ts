import { type CommandOutcome, SwitchError } from '../connectors/connector.ts';
import type { RecordingState } from '../model/call.ts';
import { GatewayError } from '../model/errors.ts';
import { type CallInput, commandCall } from './command-call.ts';
import type { Context } from './context.ts';
import { ownLeg } from './leg-to-command.ts';
import type { Named } from './select-call.ts';

/** A call, by a number and its status, too. */
type Input = CallInput & Named;

/** What may be asked for although it is so. */
export type RepeatableInput = Input & {
  /** A recording that is so already is left as it is; else it is refused. */
  readonly ifNeeded?: boolean | null | undefined;
};

interface Step {
  readonly operation: string;
  readonly from: readonly RecordingState[];
  readonly to: RecordingState;
}

const setRecording = (context: Context, input: RepeatableInput, { operation, from, to }: Step) =>
  commandCall(context, input, {
    operation,
    capability: 'RECORD',
    command: async (commands, ref, call) => {
      if (!ownLeg(context, call)) throw new GatewayError('WRONG_STATE');
      if (![...from, ...(input.ifNeeded ? [to] : [])].includes(call.recordingState)) {
        throw new GatewayError('WRONG_STATE', `The recording is ${call.recordingState}.`);
      }
      const commanded = commands.setRecording(ref, to);
      return input.ifNeeded ? commanded.catch(unlessSo) : commanded;
    },
  });

/** What is stored may be older than what is: the switch, not the row, knows that it is so already. */
function unlessSo(error: unknown): CommandOutcome {
  if (error instanceof SwitchError && error.code === 'WRONG_STATE') return 'ACCEPTED';
  throw error;
}

/** Starts to record an answered call. */
export const startRecording = (context: Context, input: Input) =>
  setRecording(context, input, { operation: 'startRecording', from: ['STOPPED'], to: 'RECORDING' });

/** Stops it for good; another one may be started. */
export const stopRecording = (context: Context, input: Input) =>
  setRecording(context, input, {
    operation: 'stopRecording',
    from: ['RECORDING', 'PAUSED'],
    to: 'STOPPED',
  });

/** What is said from now on is not recorded. */
export const pauseRecording = (context: Context, input: RepeatableInput) =>
  setRecording(context, input, { operation: 'pauseRecording', from: ['RECORDING'], to: 'PAUSED' });

/** What is said from now on is recorded again. */
export const resumeRecording = (context: Context, input: RepeatableInput) =>
  setRecording(context, input, { operation: 'resumeRecording', from: ['PAUSED'], to: 'RECORDING' });
