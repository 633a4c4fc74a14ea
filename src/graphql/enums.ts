import { ACCOUNT_TYPES, SCOPES } from '../model/account.ts';
import {
  CALL_STATES,
  CALL_TYPES,
  CHANGE_KINDS,
  DIRECTIONS,
  DISPOSITIONS,
  ENDERS,
  PARTICIPANT_ROLES,
  RECORDING_STATES,
} from '../model/call.ts';
import { ERROR_CODES } from '../model/errors.ts';
import { EXTENSION_KINDS } from '../model/extension.ts';
import { IDENTIFIER_SCHEMES } from '../model/identifiers.ts';
import { LINK_OWNERS, LINK_STATES } from '../model/link.ts';
import { MARKER_MODES } from '../operations/add-marker.ts';
import { CALL_CAPABILITIES } from '../operations/capabilities.ts';
import { CALL_STATUSES } from '../operations/select-call.ts';
import { builder } from './builder.ts';

/** An enum whose every value has a description; the compiler sees that none is missing. */
export function describedEnum<Value extends string>(
  name: string,
  description: string,
  values: readonly Value[],
  meanings: Readonly<Record<Value, string>>,
) {
  const described = Object.fromEntries(
    values.map((value) => [value, { description: meanings[value] }]),
  ) as Record<Value, { description: string }>; // fromEntries forgets the keys' type
  return builder.enumType(name, { description, values: described });
}

export const CallStateRef = describedEnum(
  'CallState',
  'Where a call or a participant stands. ENDED is final.',
  CALL_STATES,
  {
    DIALING: 'The number has been dialled; nothing rings yet.',
    RINGING: 'The called side rings.',
    CONNECTED: 'The parties talk.',
    HELD: 'A party has put the call on hold.',
    ENDED: 'It is over.',
  },
);

export const DirectionRef = describedEnum(
  'CallDirection',
  'Which way a call goes, seen from the organization.',
  DIRECTIONS,
  {
    INBOUND: 'From outside to an extension.',
    OUTBOUND: 'From an extension to the outside.',
    INTERNAL: 'Between extensions.',
  },
);

export const CallTypeRef = describedEnum(
  'CallType',
  'The kind of a call, in the words of Genesys.',
  CALL_TYPES,
  {
    INTERNAL: 'Between extensions.',
    INBOUND: 'From outside.',
    OUTBOUND: 'To the outside.',
    CONSULT: 'The second call of a transfer or a conference.',
  },
);

export const DispositionRef = describedEnum('Disposition', 'Why a call ended.', DISPOSITIONS, {
  ANSWERED: 'It was answered, and ended later.',
  NO_ANSWER: 'Nobody answered in time.',
  BUSY: 'The called side was busy.',
  REJECTED: 'The called side declined.',
  CANCELLED: 'It was given up before anybody answered.',
  FAILED: 'It could not be set up.',
  LOST: 'It was gone when the switch could be reached again; when it ended is not known.',
});

export const EndedByRef = describedEnum('EndedBy', 'Who ended a call.', ENDERS, {
  CALLER: 'The calling party.',
  CALLEE: 'The called party.',
  OPERATOR: 'A command through Tandem or the switch’s own console.',
  SWITCH: 'The switch itself.',
  UNKNOWN: 'Nobody can tell.',
});

export const RecordingStateRef = describedEnum(
  'RecordingState',
  'Whether a call is being recorded.',
  RECORDING_STATES,
  {
    STOPPED: 'It is not.',
    RECORDING: 'It is.',
    PAUSED: 'It is, and the recording is paused.',
  },
);

export const ParticipantRoleRef = describedEnum(
  'ParticipantRole',
  'What a participant is in its call.',
  PARTICIPANT_ROLES,
  {
    CALLER: 'The calling party.',
    CALLEE: 'The called party.',
    OTHER: 'Somebody who joined later.',
    LISTENER:
      'Somebody who listens to it: unheard, or heard by one of those who talk; the call goes on without.',
  },
);

export const ChangeKindRef = describedEnum(
  'CallChangeKind',
  'What has changed about a call, or has happened in it.',
  CHANGE_KINDS,
  {
    STATE: 'Its state; a new call begins with it.',
    USER_DATA: 'Its user data.',
    PARTICIPANTS: 'Its participants.',
    RECORDING: 'Its recording.',
    DTMF: 'Nothing of its state: digits were pressed on the phone of one of its participants, see `CallChanged.dtmf`.',
    DELETED: 'It has been deleted.',
  },
);

export const ExtensionKindRef = describedEnum(
  'ExtensionKind',
  'What an extension is.',
  EXTENSION_KINDS,
  {
    TERMINAL: 'A phone.',
    QUEUE: 'A queue of callers and agents.',
    CONFERENCE: 'A conference room.',
    IVR: 'An interactive voice menu.',
    VOICEMAIL: 'A mailbox.',
    CALLBACK: 'A call-back service.',
  },
);

export const IdentifierSchemeRef = describedEnum(
  'CallIdentifierScheme',
  'In which system a call has a name.',
  IDENTIFIER_SCHEMES,
  {
    NATIVE: 'The technical id of the platform that carried it (Verba: nativeID).',
    PLATFORM: 'The platform’s call id (Verba: platformCallID).',
    MEETING: 'The id of the meeting (Verba: meetingID).',
    VOIPNOW: 'VoipNow’s PhoneCall id.',
    GENESYS: 'Genesys’ callUuid.',
    GENESYS_CONNECTION: 'Genesys’ connId, 16 hex digits.',
    VERBA: 'Verba’s callID.',
    SIP: 'The Call-ID of SIP.',
  },
);

export const AccountTypeRef = describedEnum('AccountType', 'How far a user sees.', ACCOUNT_TYPES, {
  ADMINISTRATOR: 'Everything.',
  ORGANIZATION: 'What its organization has.',
  USER: 'Its own extensions, and the calls in which they are.',
});

export const ScopeRef = describedEnum('Scope', 'What a token allows.', SCOPES, {
  READ: 'To query and subscribe; without it a mutation gives `id` and `identifiers` alone.',
  CONTROL: 'To command calls and to change their user data.',
  MANAGE: 'To manage phone call events, and to hold and delete calls.',
});

export const CapabilityRef = describedEnum(
  'CallCapability',
  'What can be done with a call as it stands.',
  CALL_CAPABILITIES,
  {
    ANSWER: '`answerCall`.',
    HANGUP: '`hangupPhoneCall`.',
    LEAVE: '`leaveCall`.',
    HOLD: '`holdCall`.',
    RETRIEVE: '`retrieveCall`.',
    SEND_DTMF: '`sendDtmf`.',
    TRANSFER: '`transferCall`.',
    CONSULT: '`consultCall`.',
    COMPLETE_TRANSFER: '`completeTransfer`.',
    COMPLETE_CONFERENCE: '`completeConference`.',
    SWAP: '`swapCalls`.',
    CONFERENCE: '`conferenceCall` and `bargeIntoCall`.',
    REMOVE_PARTICIPANT: '`removeParticipant`.',
    MONITOR: '`monitorCall`.',
    WHISPER: '`whisperToCall`.',
    REDIRECT: '`redirectCall`.',
    PARK: '`parkCall`.',
    UNPARK: '`unparkCall`.',
    START_RECORDING: '`startRecording`.',
    STOP_RECORDING: '`stopRecording`.',
    PAUSE_RECORDING: '`pauseRecording`.',
    RESUME_RECORDING: '`resumeRecording`.',
    ATTACH_USER_DATA: '`attachUserData`.',
    UPDATE_USER_DATA: '`updateUserData`.',
    DELETE_USER_DATA: '`deleteUserData`.',
    DELETE_USER_DATA_PAIR: '`deleteUserDataPair`.',
    DELETE: '`deleteCall`, which takes effect at once or when the call ends.',
  },
);

export const CallStatusRef = describedEnum(
  'CallStatus',
  'Which call of a number is meant, in the words of Verba.',
  CALL_STATUSES,
  {
    ONGOING: 'The one that is up; refused when there are several.',
    LAST: 'The last that ended.',
    NEXT: 'The next that begins within a minute.',
  },
);

export const MarkerModeRef = describedEnum('MarkerMode', 'What a marker is.', MARKER_MODES, {
  WHOLE: 'A moment, or a part whose end is given.',
  START: 'The beginning of a part, now.',
  END: 'The end, now, of the part that began last with this name.',
});

export const DeletionOutcomeRef = describedEnum(
  'DeletionOutcome',
  'What a deletion did.',
  ['DELETED', 'MARKED_FOR_DELETION'],
  {
    DELETED: 'The call is gone with everything that named it.',
    MARKED_FOR_DELETION: 'The call is up, or still to come; it goes when it ends.',
  },
);

export const GapReasonRef = describedEnum(
  'FeedGapReason',
  'Why changes cannot be replayed.',
  ['RETENTION', 'EPOCH'],
  {
    RETENTION: 'They are older than what the log keeps.',
    EPOCH:
      'The position is of another life of the database, a restore or another server, or is ahead of what this database has.',
  },
);

export const LinkStateRef = describedEnum(
  'ConnectorLink',
  'How the link to a switch is.',
  LINK_STATES,
  {
    CONNECTING:
      'It is being made for the first time, or what lives on the switch is being taken over.',
    UP: 'All that the switch says is recorded, and it takes commands.',
    DOWN: 'There is none, or none that has been UP since; it is tried every few seconds.',
    STOPPED: 'The process that had it has stopped.',
  },
);

export const LinkOwnerRef = describedEnum(
  'ConnectorOwner',
  'Which of the processes on one database has the link to a switch.',
  LINK_OWNERS,
  {
    HERE: 'The one that answers this.',
    ELSEWHERE: 'Another one, which carries out what is commanded here.',
    NOBODY: 'None at this moment; commands are refused, and nothing is done.',
  },
);

describedEnum(
  'ErrorCode',
  'Every value that `extensions.code` of a refusal can have. `INTERNAL` besides means a fault of this server.',
  Object.keys(ERROR_CODES) as (keyof typeof ERROR_CODES)[], // Object.keys forgets the keys' type
  ERROR_CODES,
);
