import { createHash } from 'node:crypto';
import type { JsonObject } from '../../model/json.ts';
import type { CallEnd, SwitchCall, SwitchParty } from '../connector.ts';
import { parseUserData } from '../user-data.ts';
import { type Dialog, microsOf } from './dialog.ts';

/** How and when a call ended. */
export interface Ending {
  readonly end: CallEnd;
  readonly at: string;
}

/** More bytes than this no index of the database takes for certain; phones have at most some dozens. */
const LONGEST_NAME = 1000;

const isLong = (name: string) => Buffer.byteLength(name) > LONGEST_NAME;

/** Kamailio's own number of the dialog, unique in its run, and what finds the dialog; a hash of that when it is long. */
export function nativeIdOf({ h_entry, h_id, ftag, callid }: Omit<Dialog, `td_${string}`>): string {
  // A tag may have colons.
  const tag = ftag.replaceAll('%', '%25').replaceAll(':', '%3A');
  const name = `${tag}:${callid}`;
  const hash = () => createHash('sha256').update(name).digest('hex');
  return `${h_entry}:${h_id}:${isLong(name) ? hash() : name}`;
}

/** What finds the dialog of a native id, or null when it is a hash, or when no call is ever named so. */
export function dialogKeyOf(nativeId: string) {
  const [, tag, callid] = /^\d+:\d+:([^:]*):(.+)$/s.exec(nativeId) ?? [];
  if (tag === undefined || callid === undefined) return null;
  return { ftag: tag.replaceAll('%3A', ':').replaceAll('%25', '%'), callid };
}

/** The whole call that a dialog is. */
export function callOf(epoch: string, dialog: Dialog, ending?: Ending): SwitchCall {
  const endedAt = ending?.at ?? null;
  const parties = [callerOf(dialog), calleeOf(dialog)];
  return {
    epoch,
    nativeId: nativeIdOf(dialog),
    organizationId: null,
    state: endedAt ? 'ENDED' : stateOf(dialog),
    ani: numberOf(dialog.td_ani),
    isCallerClaimed: dialog.td_proved === '',
    dnis: numberOf(dialog.td_dnis),
    parties: parties.map((party) =>
      endedAt ? { ...party, state: 'ENDED', leftAt: endedAt } : party,
    ),
    userData: userDataOf(dialog),
    identifiers: isLong(dialog.callid) ? [] : [{ scheme: 'SIP', value: dialog.callid }],
    recordingState: 'STOPPED',
    consultOf: null,
    offeredAt: isoOf(dialog.td_offered),
    answeredAt: isoOrNull(dialog.td_answered),
    endedAt,
    end: ending?.end ?? null,
  };
}

function stateOf({ td_answered, td_ringing, ...held }: Dialog): SwitchCall['state'] {
  if (td_answered) return held.td_caller_held || held.td_callee_held ? 'HELD' : 'CONNECTED';
  return td_ringing ? 'RINGING' : 'DIALING';
}

const callerOf = (dialog: Dialog): SwitchParty => ({
  nativeId: 'caller',
  role: 'CALLER',
  number: numberOf(dialog.td_ani),
  name: nameOf(dialog.td_name) || null,
  state: talking(dialog, dialog.td_caller_held) ?? 'DIALING',
  ringingAt: null,
  answeredAt: isoOrNull(dialog.td_answered),
  heldAt: isoOrNull(dialog.td_caller_held),
  leftAt: null,
});

const calleeOf = (dialog: Dialog): SwitchParty => ({
  nativeId: 'callee',
  role: 'CALLEE',
  number: numberOf(dialog.td_dnis),
  name: null,
  state: talking(dialog, dialog.td_callee_held) ?? (dialog.td_ringing ? 'RINGING' : 'DIALING'),
  ringingAt: isoOrNull(dialog.td_ringing),
  answeredAt: isoOrNull(dialog.td_answered),
  heldAt: isoOrNull(dialog.td_callee_held),
  leftAt: null,
});

function talking({ td_answered }: Dialog, held: string) {
  if (!td_answered) return null;
  return held ? 'HELD' : 'CONNECTED';
}

/** A display name, without its quotes and what they need (RFC 3261, 25.1). */
const nameOf = (display: string) =>
  /^".*"$/s.test(display) ? display.slice(1, -1).replace(/\\(.)/gs, '$1') : display;

/**
 * The user part of a SIP URI, which may spell `#` as `%23`, have parameters, as a ported number has, and a telephone
 * number's separators (RFC 3966, 3 and 5.1.1).
 */
function numberOf(user: string): string | null {
  const [plain = ''] = decoded(user).split(';');
  return (/^\+?[\d().-]+$/.test(plain) ? plain.replace(/[().-]/g, '') : plain) || null;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What the INVITE's header or a command has set: a JSON object, or a text that keeps the header's name. */
export const userDataOf = ({ td_userdata: text }: Pick<Dialog, 'td_userdata'>): JsonObject =>
  text === '' ? {} : (parseUserData(text) ?? { 'X-User-Data': text });

/** ISO 8601. */
export const isoOf = (time: string) => new Date(Math.floor(microsOf(time) / 1000)).toISOString();

const isoOrNull = (time: string) => (time === '' ? null : isoOf(time));
