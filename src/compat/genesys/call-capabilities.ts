import type { CallData } from './call-documents.ts';
import type { GenesysState } from './call-resource.ts';

type Capability = CallData['capabilities'][number];

const USER_DATA = [
  ['AttachUserData', 'ATTACH_USER_DATA'],
  ['UpdateUserData', 'UPDATE_USER_DATA'],
  ['DeleteUserData', 'DELETE_USER_DATA'],
  ['DeleteUserDataPair', 'DELETE_USER_DATA_PAIR'],
] as const;

const MOVES = [
  ['InitiateTransfer', 'CONSULT'],
  ['InitiateConference', 'CONSULT'],
  ['SingleStepTransfer', 'TRANSFER'],
  ['SingleStepConference', 'CONFERENCE'],
  ['CompleteTransfer', 'COMPLETE_TRANSFER'],
  ['CompleteConference', 'COMPLETE_CONFERENCE'],
  ['SwapCalls', 'SWAP'],
  ['RemoveParticipantFromConference', 'REMOVE_PARTICIPANT'],
] as const;

const RECORDING = [
  ['StartCallRecording', 'START_RECORDING'],
  ['PauseCallRecording', 'PAUSE_RECORDING'],
  ['ResumeCallRecording', 'RESUME_RECORDING'],
  ['StopCallRecording', 'STOP_RECORDING'],
] as const;

type Documented = readonly [name: string, needs: Capability];

/** What GWS documents for each state, and what must be possible for it. */
const DOCUMENTED: Readonly<Record<GenesysState, readonly Documented[]>> = {
  Dialing: [['Hangup', 'LEAVE'], ['SendDtmf', 'SEND_DTMF'], ...USER_DATA],
  Ringing: [['Answer', 'ANSWER'], ['ClearCall', 'HANGUP'], ['Redirect', 'REDIRECT'], ...USER_DATA],
  Established: [
    ['Hold', 'HOLD'],
    ['Hangup', 'LEAVE'],
    ['ClearCall', 'HANGUP'],
    ['SendDtmf', 'SEND_DTMF'],
    ...MOVES,
    ...RECORDING,
    ...USER_DATA,
  ],
  Held: [
    ['Retrieve', 'RETRIEVE'],
    ['Hangup', 'LEAVE'],
    ['ClearCall', 'HANGUP'],
    ...MOVES,
    ...RECORDING,
    ...USER_DATA,
  ],
  Released: [],
};

/** Whether GWS has an operation in this state at all. */
export const isDocumented = (operation: string, state: GenesysState): boolean =>
  DOCUMENTED[state].some(([name]) => name === operation);

/** Whether the user is only rung to join others, who talk and go on without him. */
export const isInvited = (
  { state: ofCall }: Pick<CallData, 'state'>,
  state: GenesysState,
): boolean => state === 'Ringing' && (ofCall === 'CONNECTED' || ofCall === 'HELD');

/** What the user can do with the call as it stands; never what would fail. */
export function capabilitiesOf(call: CallData, state: GenesysState): string[] {
  const declines = isInvited(call, state);
  const needsOf = ([name, needs]: Documented) =>
    declines && name === 'ClearCall' ? 'LEAVE' : needs;
  return DOCUMENTED[state]
    .filter((one) => call.capabilities.includes(needsOf(one)))
    .map(([name]) => name);
}
