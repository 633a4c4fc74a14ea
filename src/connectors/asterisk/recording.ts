import { RECORDING_STATES, type RecordingState } from '../../model/call.ts';
import { SwitchError } from '../connector.ts';
import { type CallRecord, liveLegs } from './call-record.ts';
import { RECORDING } from './channel.ts';
import type { ChannelControl, Done } from './channel-control.ts';
import type { Leg } from './leg.ts';

/** Whether the call is being recorded. MixMonitor tells nobody: a variable of the channel does, by whoever sets it. */
export function recordingOf(record: CallRecord): RecordingState {
  const [leg] = recordedLegs(record);
  return RECORDING_STATES.find((state) => state === leg?.recording) ?? 'STOPPED';
}

const recordedLegs = (record: CallRecord) =>
  liveLegs(record).filter(({ recording }) => recording === 'RECORDING' || recording === 'PAUSED');

/** Starts, pauses, resumes and stops MixMonitor on a leg of an answered call. @param now ISO 8601; part of the file's name */
export async function setRecording(
  control: ChannelControl,
  record: CallRecord,
  { state, now }: { readonly state: RecordingState; readonly now: string },
): Promise<Done> {
  const was = recordingOf(record);
  if (record.answeredAt === null) {
    throw new SwitchError('WRONG_STATE', 'The call has not been answered.');
  }
  if (state === was || (state === 'PAUSED' && was === 'STOPPED')) {
    throw new SwitchError('WRONG_STATE', `The recording is ${was}.`);
  }
  const leg = recordedLegs(record)[0] ?? liveLegs(record)[0];
  if (!leg) return 'GONE';
  const done = await change(control, leg, { was, state, file: fileOf(record, now) });
  if (done === 'GONE') return done;
  leg.recording = state;
  return control.setVariable(leg.channel, RECORDING, state);
}

interface Change {
  readonly was: RecordingState;
  readonly state: RecordingState;
  readonly file: string;
}

function change(control: ChannelControl, { channel }: Leg, { was, state, file }: Change) {
  if (state === 'STOPPED') return control.stopRecording(channel);
  if (was === 'STOPPED') return control.record(channel, file);
  return control.muteRecording(channel, state === 'PAUSED');
}

/** In Asterisk's own directory of recordings; a second recording of a call is a second file. */
const fileOf = ({ nativeId }: CallRecord, now: string) =>
  `${`${nativeId}-${now}`.replaceAll(/[^\w.-]/g, '-')}.wav`;
