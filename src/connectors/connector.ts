import type {
  CallState,
  Disposition,
  EndedBy,
  ParticipantRole,
  RecordingState,
} from '../model/call.ts';
import type { IdentifierScheme } from '../model/identifiers.ts';
import type { Json, JsonObject } from '../model/json.ts';

/**
 * What a switch can do; a missing one becomes a missing capability of its calls. CONSULT is the whole of a second call
 * and what may come of it; CONFERENCE adds somebody to a call; EARLY_DTMF goes before the answer; DIVERT asks what
 * becomes of a call before a telephone rings. CALLBACK and CONFERENCE_INVITE begin with the phone of somebody outside.
 * MONITOR lets somebody hear a call, and WHISPER be heard by one of its parties besides.
 */
export const CAPABILITIES = [
  'PLACE',
  'ANSWER',
  'HANGUP',
  'HANGUP_PARTY',
  'USER_DATA',
  'SEND_DTMF',
  'HOLD',
  'TRANSFER',
  'CONSULT',
  'CONFERENCE',
  'REDIRECT',
  'PARK',
  'RECORD',
  'EARLY_DTMF',
  'DIVERT',
  'CALLBACK',
  'CONFERENCE_INVITE',
  'MONITOR',
  'WHISPER',
] as const;
export type Capability = (typeof CAPABILITIES)[number];

/** Names one call of a switch for good: the switch's run, and its own id in that run. */
export interface CallRef {
  readonly epoch: string;
  readonly nativeId: string;
}

/** Where a leg waits until somebody takes it out. */
export interface ParkingPlace {
  /** Since when; ISO 8601. */
  readonly at: string;
  readonly position: number;
  /** The number of whoever has parked it. */
  readonly by: string | null;
}

/** One leg as the switch has it. Times are ISO 8601. */
export interface SwitchParty {
  readonly nativeId: string;
  readonly role: ParticipantRole;
  readonly number: string | null;
  readonly name: string | null;
  readonly state: CallState;
  readonly ringingAt: string | null;
  readonly answeredAt: string | null;
  readonly heldAt: string | null;
  readonly leftAt: string | null;
  /** Absent or null while it is not parked; it is HELD while it is, since then. */
  readonly parking?: ParkingPlace | null;
}

/** How a call ended. */
export interface CallEnd {
  readonly disposition: Disposition;
  readonly by: EndedBy;
  /** ITU-T Q.850 cause: 16 normal, 17 busy, 19 no answer, 21 rejected; null when unknown. */
  readonly q850Cause: number | null;
}

/** The whole state of a call, so that a duplicate or a late event does no harm. Times are ISO 8601. */
export interface SwitchCall extends CallRef {
  /** Id of the organization, when the switch was told; null leaves it to the numbers. */
  readonly organizationId: string | null;
  readonly state: CallState;
  /** The calling number. */
  readonly ani: string | null;
  /** The caller's number is what the caller says, and nobody vouches for it; default: somebody does. */
  readonly isCallerClaimed?: boolean;
  /** The dialled number. */
  readonly dnis: string | null;
  readonly parties: readonly SwitchParty[];
  readonly userData: JsonObject;
  /** Other names that the switch knows for the call. */
  readonly identifiers: readonly { readonly scheme: IdentifierScheme; readonly value: string }[];
  readonly recordingState: RecordingState;
  /** Native id of the call about which this one consults; null when it does not. Said from its beginning. */
  readonly consultOf: string | null;
  readonly offeredAt: string;
  readonly answeredAt: string | null;
  readonly endedAt: string | null;
  readonly end: CallEnd | null;
}

/** All that lives on a switch at one moment. */
export interface LiveCalls {
  readonly epoch: string;
  readonly calls: readonly SwitchCall[];
}

/** A leg, by its number or by the switch's own id of it. Two live legs with the number: AMBIGUOUS_PARTY. */
export type PartySelector = { readonly nativeId: string } | { readonly number: string };

/** What a new call is to be. */
export interface PlaceRequest {
  readonly organizationId: string;
  /** Who calls: an extension in full, or an outside number, whose phone is rung first. */
  readonly from: string;
  /** Whether `from` is an extension; default: it is. */
  readonly fromExtension?: boolean;
  /** What is dialled: an extension in full, or an outside number. */
  readonly to: string;
  /** Whether `to` is an extension, which rings until somebody answers. */
  readonly toExtension: boolean;
  readonly userData: JsonObject;
  /** How long it rings until it is answered, in seconds; null leaves it to the switch. */
  readonly ringSeconds?: number | null;
  /** After so many seconds from its beginning the switch ends it by itself; null leaves it to the switch. */
  readonly maxSeconds?: number | null;
  /** The name to show for the caller; null leaves it to the switch. */
  readonly callerName?: string | null;
}

/** Where a call is to go. */
export interface TransferTarget {
  /** What is dialled: an extension in full, or an outside number. */
  readonly to: string;
  /** Whether `to` is an extension. */
  readonly toExtension: boolean;
}

/** Somebody who is to listen to a call. */
export interface ListenRequest extends TransferTarget {
  /** Whether the leg that is named hears him. */
  readonly whispers: boolean;
  /** Whether he hears the call; false only of somebody who whispers. */
  readonly hears: boolean;
}

/** A second call that a leg makes while its first one waits. */
export interface ConsultRequest extends TransferTarget {
  /** Goes with the second call, besides what the first one has. */
  readonly userData: JsonObject;
}

/** What becomes of a consultation. TRANSFER: who consulted leaves both calls. CONFERENCE: all go on together. */
export const CONSULT_ENDS = ['TRANSFER', 'CONFERENCE'] as const;
export type ConsultEnd = (typeof CONSULT_ENDS)[number];

/** ACCEPTED is the switch's word and no more: the end comes as an event. */
export type CommandOutcome = 'ACCEPTED' | 'ALREADY_ENDED';

/** Every way in which a switch says no, or nothing. */
export type SwitchErrorCode =
  | 'CALL_NOT_FOUND'
  | 'PARTY_NOT_FOUND'
  | 'AMBIGUOUS_PARTY'
  | 'WRONG_STATE'
  | 'UNSUPPORTED'
  | 'INVALID_ARGUMENT'
  | 'LINK_DOWN'
  | 'TIMEOUT'
  | 'SWITCH_ERROR';

/** A switch said no, or nothing. After TIMEOUT the outcome is unknown; after LINK_DOWN nothing was done. */
export class SwitchError extends Error {
  readonly code: SwitchErrorCode;

  constructor(code: SwitchErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SwitchError';
    this.code = code;
  }
}

/** Digits that were pressed on the phone of one leg. */
export interface KeyPress {
  /** The leg's. */
  readonly nativeId: string;
  /** One or more of 0-9 * # A-D, in their order. */
  readonly digits: string;
  /** When the first was pressed; ISO 8601. */
  readonly at: string;
}

/** What a link may be told by its switch. */
export interface SwitchEvents {
  /** A call is new or has changed. Called in the switch's order; must not throw. */
  call(call: SwitchCall): void;
  /**
   * Somebody has pressed digits, told once; what Tandem sends is not told. The call is as the switch has it at that
   * moment, for whoever does not know it yet. Between the words about the call, in the switch's order; must not throw.
   */
  pressed(call: SwitchCall, press: KeyPress): void;
}

/** What a switch can be told. Each rejects with `SwitchError`, and is never repeated by itself. */
export interface SwitchCommands {
  /** Starts a call; it may be known by its events before this resolves. */
  place(request: PlaceRequest): Promise<CallRef>;
  /** Connects a ringing leg. */
  answer(ref: CallRef, party: PartySelector): Promise<CommandOutcome>;
  /** Ends the whole call. */
  hangup(ref: CallRef): Promise<CommandOutcome>;
  /** Ends one leg, and the call with it when fewer than two would be left, none of whom is parked. */
  hangupParty(ref: CallRef, party: PartySelector): Promise<CommandOutcome>;
  /** Merges; null deletes a key. Gives what the call has afterwards. WRONG_STATE once it has ended. */
  patchUserData(ref: CallRef, patch: Readonly<Record<string, Json>>): Promise<JsonObject>;
  /** Digits out of 0-9 * # A-D, to those who talk: others may hold the call meanwhile. */
  sendDtmf(ref: CallRef, digits: string): Promise<CommandOutcome>;
  /** Puts a connected leg on hold, or takes a held one back. */
  setHold(ref: CallRef, party: PartySelector, held: boolean): Promise<CommandOutcome>;
  /** Puts whoever talks with a connected leg through to somebody else, and that leg leaves. */
  transfer(ref: CallRef, party: PartySelector, target: TransferTarget): Promise<CommandOutcome>;
  /** Puts a leg on hold and calls somebody else from it: gives the second call, which names the first. */
  consult(ref: CallRef, party: PartySelector, request: ConsultRequest): Promise<CallRef>;
  /** Ends an answered consultation: whoever was consulted joins the call about which it was. */
  complete(consultation: CallRef, as: ConsultEnd): Promise<CommandOutcome>;
  /** Rings somebody who joins a connected call when he answers. */
  invite(ref: CallRef, target: TransferTarget): Promise<CommandOutcome>;
  /** Rings somebody who hears a connected call, and whom one leg of it may hear, when he answers. */
  listen(ref: CallRef, party: PartySelector, request: ListenRequest): Promise<CommandOutcome>;
  /** Rings somebody else instead of a ringing leg. */
  redirect(ref: CallRef, party: PartySelector, target: TransferTarget): Promise<CommandOutcome>;
  /** Parks whoever talks with a leg, which leaves; after these seconds it is rung again. */
  park(ref: CallRef, party: PartySelector, returnSeconds: number): Promise<CommandOutcome>;
  /** Rings somebody who takes a parked call over when he answers. */
  unpark(ref: CallRef, target: TransferTarget): Promise<CommandOutcome>;
  /** Starts, pauses, resumes and stops the recording of an answered call; WRONG_STATE when it is so already. */
  setRecording(ref: CallRef, state: RecordingState): Promise<CommandOutcome>;
}

/** One open connection to a switch. Once it is closed, its commands reject with LINK_DOWN. */
export interface SwitchLink extends SwitchCommands, AsyncDisposable {
  /** Resolves when the connection is gone, with the reason; never rejects. */
  readonly closed: Promise<string>;
  /** All calls that live now, none that has ended. */
  list(): Promise<LiveCalls>;
}

/** Whether somebody answers a number's calls by himself. @param organizationId null leaves it to the number */
export type IsAttended = (number: string, organizationId: string | null) => Promise<boolean>;

/** What becomes of calls to a number before it rings; forwarding goes before. */
export interface Diverted {
  /** They are refused as busy. */
  readonly doNotDisturb: boolean;
  readonly forwardTo: TransferTarget | null;
}

/** Null lets it ring. @param organizationId null leaves it to the number */
export type DiversionOf = (
  number: string,
  organizationId: string | null,
) => Promise<Diverted | null>;

/** The one door to a telephone switch: it translates and nothing more. */
export interface SwitchConnector {
  /** Such as `simulator` or `kamailio`. */
  readonly kind: string;
  readonly capabilities: ReadonlySet<Capability>;
  /** Told of by a switch that plays people: whether somebody sits at a number who answers by himself. */
  attend?(isAttended: IsAttended): void;
  /** Told of by a switch that is capable of DIVERT: what becomes of a new call before a telephone rings. */
  divert?(diversionOf: DiversionOf): void;
  /** It hangs up one call after the other: many wait for their turn, and the time that each may take begins with it. */
  readonly hangsUpInTurn?: boolean;
  /** Connects and subscribes: events flow before it resolves or from then on. A second link takes over from the first. */
  connect(events: SwitchEvents): Promise<SwitchLink>;
}
