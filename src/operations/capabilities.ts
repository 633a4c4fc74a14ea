import type { Capability } from '../connectors/connector.ts';
import {
  type CallView,
  type ConsultationView,
  doTalk,
  isEnded,
  type ParticipantView,
} from '../model/call.ts';
import { isLeftBehind } from '../model/left-behind.ts';
import type { Context } from './context.ts';
import {
  isConsulting,
  legToCommand,
  listeningLeg,
  ownConsultations,
  ownLeg,
  talkers,
} from './leg-to-command.ts';

/** What can be done with a call; never one that would fail. */
export const CALL_CAPABILITIES = [
  'ANSWER',
  'HANGUP',
  'LEAVE',
  'HOLD',
  'RETRIEVE',
  'SEND_DTMF',
  'TRANSFER',
  'CONSULT',
  'COMPLETE_TRANSFER',
  'COMPLETE_CONFERENCE',
  'SWAP',
  'CONFERENCE',
  'REMOVE_PARTICIPANT',
  'MONITOR',
  'WHISPER',
  'REDIRECT',
  'PARK',
  'UNPARK',
  'START_RECORDING',
  'STOP_RECORDING',
  'PAUSE_RECORDING',
  'RESUME_RECORDING',
  'ATTACH_USER_DATA',
  'UPDATE_USER_DATA',
  'DELETE_USER_DATA',
  'DELETE_USER_DATA_PAIR',
  'DELETE',
] as const;
export type CallCapability = (typeof CALL_CAPABILITIES)[number];

/** A call that is up, as a principal finds it, on a switch. */
interface Situation {
  readonly call: CallView;
  can(capability: Capability): boolean;
  /** The leg to be commanded that is in one of these states. */
  leg(...states: readonly CallView['state'][]): ParticipantView | undefined;
  readonly live: readonly ParticipantView[];
  /** Whether the principal has a leg in it to command. */
  readonly isIn: boolean;
  /** Whether the principal has left it, and it is its own still. */
  readonly isLeftBehind: boolean;
  /** Whether one listens, and is none of those who talk. */
  readonly isListening: boolean;
  /** Whether there is an answered consultation, or this is one. */
  readonly isConsulting: boolean;
  /** Where the other call of a consultation stands. */
  readonly other: CallView['state'] | undefined;
  readonly consultations: number;
  /** Whether whoever is consulted consults somebody in turn. */
  readonly isInTurn: boolean;
}

type Rule = (situation: Situation) => boolean;

const records =
  (...states: readonly CallView['recordingState'][]): Rule =>
  ({ can, call, isIn }) =>
    can('RECORD') && isIn && call.answeredAt !== null && states.includes(call.recordingState);

/** What has no rule here can be done with a call that has ended, too. */
const RULES: Partial<Record<CallCapability, Rule>> = {
  ANSWER: ({ can, leg }) => can('ANSWER') && leg('RINGING') !== undefined,
  HANGUP: ({ can, isIn, isLeftBehind: isLeft, isListening }) =>
    ((isIn || isLeft) && can('HANGUP')) || (isListening && can('HANGUP_PARTY')),
  LEAVE: ({ can, isIn, isListening, live }) =>
    isIn
      ? can('HANGUP') && (live.length <= 2 || can('HANGUP_PARTY'))
      : isListening && can('HANGUP_PARTY'),
  HOLD: ({ can, leg }) => can('HOLD') && leg('CONNECTED') !== undefined,
  RETRIEVE: ({ can, leg }) => can('HOLD') && leg('HELD') !== undefined,
  // A call is HELD while anybody in it holds: the others talk on.
  SEND_DTMF: ({ can, call, leg, isIn, live }) =>
    can('SEND_DTMF') &&
    isIn &&
    (call.state === 'CONNECTED' ||
      (leg('CONNECTED') !== undefined && doTalk(live)) ||
      (call.answeredAt === null && can('EARLY_DTMF') && leg('DIALING')?.role === 'CALLER')),
  TRANSFER: ({ can, leg, live }) =>
    can('TRANSFER') &&
    leg('CONNECTED', 'HELD') !== undefined &&
    live.length === 2 &&
    live.every(({ state }) => state === 'CONNECTED' || state === 'HELD'),
  CONSULT: ({ can, leg, consultations }) =>
    can('CONSULT') && leg('CONNECTED', 'HELD') !== undefined && consultations === 0,
  COMPLETE_TRANSFER: ({ isConsulting, isInTurn }) => isConsulting && !isInTurn,
  COMPLETE_CONFERENCE: ({ isConsulting, isInTurn }) => isConsulting && !isInTurn,
  SWAP: ({ can, isConsulting, leg, other }) =>
    can('HOLD') && isConsulting && other === (leg('CONNECTED') ? 'HELD' : 'CONNECTED'),
  CONFERENCE: ({ can, leg }) => can('CONFERENCE') && leg('CONNECTED', 'HELD') !== undefined,
  // Whoever has joined later did not make the conference.
  REMOVE_PARTICIPANT: ({ can, leg, live }) => {
    const own = leg('CONNECTED', 'HELD');
    return can('HANGUP_PARTY') && own !== undefined && own.role !== 'OTHER' && live.length > 2;
  },
  MONITOR: ({ can, leg }) => can('MONITOR') && leg('CONNECTED', 'HELD') !== undefined,
  WHISPER: ({ can, leg }) => can('WHISPER') && leg('CONNECTED', 'HELD') !== undefined,
  REDIRECT: ({ can, leg }) => can('REDIRECT') && leg('RINGING') !== undefined,
  PARK: ({ can, leg, live }) =>
    can('PARK') &&
    leg('CONNECTED', 'HELD') !== undefined &&
    live.length === 2 &&
    live.every(({ state }) => state === 'CONNECTED' || state === 'HELD'),
  UNPARK: ({ can, live }) =>
    can('PARK') &&
    live.some(({ parkedAt }) => parkedAt) &&
    live.every(({ state }) => state !== 'RINGING'),
  START_RECORDING: records('STOPPED'),
  STOP_RECORDING: records('RECORDING', 'PAUSED'),
  PAUSE_RECORDING: records('RECORDING'),
  RESUME_RECORDING: records('PAUSED'),
};

/** What a legal hold forbids. */
const KEPT_BY_HOLD: readonly CallCapability[] = [
  'DELETE',
  'DELETE_USER_DATA',
  'DELETE_USER_DATA_PAIR',
];

/** What this principal can do with the call as it stands, on the switch that carries it. */
export function capabilitiesOf(context: Context, call: CallView): CallCapability[] {
  const situation = situationOf(context, call);
  return CALL_CAPABILITIES.filter((capability) => {
    if (KEPT_BY_HOLD.includes(capability) && call.heldForLegal) return false;
    const rule = RULES[capability];
    return rule ? !isEnded(call) && rule(situation) : true;
  });
}

const isConsulted = ({ isConsulted }: ConsultationView) => isConsulted === true;

function situationOf(context: Context, call: CallView): Situation {
  const carrier = context.switches.get(call.connector ?? '');
  const isTalking = ({ state }: Pick<CallView, 'state'>) =>
    state === 'CONNECTED' || state === 'HELD';
  const own = ownConsultations(context, call);
  const leg: Situation['leg'] = (...states) => legToCommand(context, call, ...states);
  const talks = leg('CONNECTED', 'HELD');
  const consults = isTalking(call) && isConsulting(context, call) && call.parent?.isLeft === false;
  return {
    call,
    can: (capability) => carrier?.capabilities.has(capability) === true,
    leg,
    live: talkers(call),
    isIn: ownLeg(context, call) !== undefined,
    isLeftBehind: isLeftBehind(
      call,
      ({ extension }) => extension?.ownerId === context.visibility.ownerId,
    ),
    isListening: listeningLeg(context, call) !== undefined,
    // Who is consulted may consult somebody in turn, and that goes first.
    isConsulting: talks !== undefined && (own.length > 0 ? own.some(isTalking) : consults),
    other: own[0]?.state ?? call.parent?.state,
    consultations: own.length,
    isInTurn: own.length > 0 ? own.some(isConsulted) : (call.consultations ?? []).length > 0,
  };
}
