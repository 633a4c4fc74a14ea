import type { ExtensionView } from './extension.ts';
import type { IdentifierScheme } from './identifiers.ts';
import type { JsonObject } from './json.ts';

/** Where a call or a participant stands; ranked, and ENDED is final. */
export const CALL_STATES = ['DIALING', 'RINGING', 'CONNECTED', 'HELD', 'ENDED'] as const;
export type CallState = (typeof CALL_STATES)[number];

/** Which way a call goes, seen from the organization. */
export const DIRECTIONS = ['INBOUND', 'OUTBOUND', 'INTERNAL'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** The kind of call; CONSULT is the second call of a transfer or conference. */
export const CALL_TYPES = ['INTERNAL', 'INBOUND', 'OUTBOUND', 'CONSULT'] as const;
export type CallType = (typeof CALL_TYPES)[number];

/** Why a call ended, in words that do not depend on the switch. LOST: it was gone when the switch came back. */
export const DISPOSITIONS = [
  'ANSWERED',
  'NO_ANSWER',
  'BUSY',
  'REJECTED',
  'CANCELLED',
  'FAILED',
  'LOST',
] as const;
export type Disposition = (typeof DISPOSITIONS)[number];

/** Who ended a call. */
export const ENDERS = ['CALLER', 'CALLEE', 'OPERATOR', 'SWITCH', 'UNKNOWN'] as const;
export type EndedBy = (typeof ENDERS)[number];

/** Whether a call is being recorded. */
export const RECORDING_STATES = ['STOPPED', 'RECORDING', 'PAUSED'] as const;
export type RecordingState = (typeof RECORDING_STATES)[number];

/** What a participant is in its call; a LISTENER hears it and is none of those who talk. */
export const PARTICIPANT_ROLES = ['CALLER', 'CALLEE', 'OTHER', 'LISTENER'] as const;
export type ParticipantRole = (typeof PARTICIPANT_ROLES)[number];

/** What a log entry says has changed, or has happened. */
export const CHANGE_KINDS = [
  'STATE',
  'USER_DATA',
  'PARTICIPANTS',
  'RECORDING',
  'DTMF',
  'DELETED',
] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** What can be wished for the next call of a number. */
export const WATCH_ACTIONS = ['DELETE', 'HOLD', 'MARK'] as const;
export type WatchAction = (typeof WATCH_ACTIONS)[number];

/** A name of a call in one system. */
export interface IdentifierView {
  readonly scheme: IdentifierScheme;
  readonly value: string;
}

/** One leg of a call, as readers see it. Times are ISO 8601. */
export interface ParticipantView {
  /** Two digits, `00` first: VoipNow's view id. */
  readonly sequence: string;
  /** The switch's own id of the leg; null for an imported one. */
  readonly nativeId: string | null;
  readonly role: ParticipantRole;
  readonly number: string | null;
  readonly name: string | null;
  readonly state: CallState;
  readonly muted: boolean;
  readonly ringingAt: string | null;
  readonly answeredAt: string | null;
  readonly heldAt: string | null;
  readonly leftAt: string | null;
  /** Null while it is not parked; absent in what the log has kept of earlier days. */
  readonly parkedAt?: string | null;
  readonly parkedPosition?: number | null;
  readonly parkedBy?: string | null;
  readonly disposition: Disposition | null;
  /** Null for a number that is nobody's extension; absent when it was not asked for. */
  readonly extension?: ExtensionView | null;
}

/** Digits that were pressed on the phone of one leg during a call: an event of it, and no part of its state. */
export interface DtmfView {
  /** One or more of 0-9 * # A-D, in their order. */
  readonly digits: string;
  /** The leg's. */
  readonly sequence: string;
  /** When the first was pressed, by the switch's clock; ISO 8601. */
  readonly pressedAt: string;
}

/** A live call that consults about another one. */
export interface ConsultationView {
  readonly id: string;
  readonly state: CallState;
  /** Who owns the extension that consults; null when nobody does. */
  readonly ownerId: string | null;
  /** Whether somebody consults about it in turn; absent in what the log has kept of earlier days. */
  readonly isConsulted?: boolean;
}

/** A place in a call that somebody has marked. */
export interface MarkerView {
  readonly id: string;
  readonly name: string;
  /** Milliseconds from the offer of the call. */
  readonly startMs: number;
  /** Null while it is open, and of one that marks a moment. */
  readonly endMs: number | null;
}

/** The organization that a call belongs to. */
export interface OrganizationView {
  readonly id: string;
  /** What import files call it: its id in the system that it comes from. */
  readonly key: string;
  readonly name: string;
}

/** A call as readers see it; parts that were not asked for are absent. Times are ISO 8601. */
export interface CallView {
  readonly id: string;
  readonly organizationId: string;
  /** Id of the switch that carries it; null for an imported call. */
  readonly connector: string | null;
  readonly epoch: string | null;
  readonly nativeId: string | null;
  readonly state: CallState;
  readonly direction: Direction;
  readonly callType: CallType;
  /** The call about which it consults; null or absent when it is about none. */
  readonly parentId?: string | null;
  readonly ani: string | null;
  readonly dnis: string | null;
  readonly offeredAt: string;
  readonly answeredAt: string | null;
  readonly endedAt: string | null;
  readonly disposition: Disposition | null;
  readonly q850Cause: number | null;
  readonly endedBy: EndedBy | null;
  readonly recordingState: RecordingState;
  /** Null while it is not recorded; absent in what the log has kept of earlier days. */
  readonly recordingSince?: string | null;
  readonly version: number;
  readonly deletionRequestedAt: string | null;
  readonly heldForLegal: boolean;
  readonly userData?: JsonObject | null;
  readonly participants?: readonly ParticipantView[];
  readonly identifiers?: readonly IdentifierView[];
  /** The call about which it consults, as it was then, and whether the consulter is in it no more; null when there is none. */
  readonly parent?: {
    readonly id: string;
    readonly state: CallState;
    readonly isLeft: boolean;
  } | null;
  readonly consultations?: readonly ConsultationView[];
  /** Not in the log: they are no part of what a change says. */
  readonly markers?: readonly MarkerView[];
  /** Names of the call about which it consults. Not in the log: they go with that call when it is deleted. */
  readonly parentIdentifiers?: readonly IdentifierView[];
  /** Not in the log, either. */
  readonly organization?: OrganizationView;
}

/** Whether the call is over. */
export const isEnded = (call: { readonly state: CallState }) => call.state === 'ENDED';

/** Whether two of these legs talk with each other, whoever else holds the call or listens to it. */
export const doTalk = (legs: readonly Pick<ParticipantView, 'role' | 'state'>[]): boolean =>
  legs.filter(({ role, state }) => state === 'CONNECTED' && role !== 'LISTENER').length > 1;

/** Seconds from the offer to the end, or to `now` for a live call. */
export function durationOf(call: Pick<CallView, 'offeredAt' | 'endedAt'>, now: Date): number {
  const end = call.endedAt ? Date.parse(call.endedAt) : now.getTime();
  return Math.max(0, Math.floor((end - Date.parse(call.offeredAt)) / 1000));
}
