import type { EndedBy } from '../../model/call.ts';
import { isDialable } from '../../model/phone-number.ts';
import type { PlaceRequest } from '../connector.ts';
import { userDataText } from '../user-data.ts';
import { PLACED } from './channel.ts';
import type { Leg } from './leg.ts';

/** What is remembered of one call: channels with one linkedid. */
export interface CallRecord {
  readonly nativeId: string;
  /** In the order of their creation; those that have left, too. */
  legs: Leg[];
  /** What Tandem asked for, when it placed the call. */
  readonly placed: PlaceRequest | null;
  /** The first that was dialled. */
  dnis: string | null;
  answeredAt: string | null;
  endedAt: string | null;
  /** The first hang-up that meant the call. */
  hangup: { readonly legId: string; readonly by: EndedBy } | null;
  /** Legs that Tandem was told to hang up, and the board's mark at that moment. */
  readonly asked: Map<string, number>;
  /** How the last attempt to reach a callee ended. */
  dialStatus: string;
  /** Its legs have become another call's. */
  isMerged: boolean;
}

/** A call without legs. */
export const newCall = (nativeId: string, placed: PlaceRequest | null): CallRecord => ({
  nativeId,
  legs: [],
  placed,
  dnis: placed?.to ?? null,
  answeredAt: null,
  endedAt: null,
  hangup: null,
  asked: new Map(),
  dialStatus: '',
  isMerged: false,
});

/** A leg goes on in another call; here it has left. */
export function leave(record: CallRecord, leg: Leg, at: string): void {
  record.legs = record.legs.map((each) => (each === leg ? { ...leg, leftAt: at } : each));
  record.isMerged = liveLegs(record).length === 0;
}

/** Takes a request to hang up a leg. Of a callee among others it is not the end of the call. */
export function noteHangup(record: CallRecord, legId: string, isSoft: boolean): void {
  const isCaller = record.legs[0]?.id === legId;
  if (record.legs.some(({ id, isListener }) => isListener && id === legId)) return;
  if (record.hangup || (!isCaller && liveLegs(record).length > 2)) return;
  // A soft one is asked for inside Asterisk: here, by the dialplan, or by another of its clients.
  const who = isCaller ? 'CALLER' : 'CALLEE';
  const by = record.asked.has(legId) ? 'OPERATOR' : isSoft ? 'SWITCH' : who;
  record.hangup = { legId, by };
}

/** Legs that have not left, without whom there is no call. */
export const liveLegs = ({ legs }: CallRecord) =>
  legs.filter(({ leftAt, isListener }) => leftAt === null && !isListener);

/** Takes in a leg. What a hang-up before it meant, it was not the end of the call. */
export function join(record: CallRecord, leg: Leg): void {
  const ageOf = ({ id, createdAt }: Leg) => `${createdAt} ${id === record.nativeId ? 0 : 1}`;
  const aged = [...record.legs, leg].map((each) => [ageOf(each), each] as const);
  record.legs = aged.sort(([a], [b]) => Number(a > b) - Number(a < b)).map(([, each]) => each);
  if (!leg.isListener) record.hangup = null;
  // Its variable is set only after the channel is there, and is told of later still.
  if (record.placed && aged.length === 1) leg.userDataText ||= userDataText(record.placed.userData);
}

/** Draws from the legs what the call is since now. */
export function settle(record: CallRecord, at: string): void {
  const [caller] = record.legs;
  const exten = caller?.channel.dialplan.exten ?? '';
  if (isDialable(exten)) record.dnis ??= exten;
  const live = liveLegs(record);
  const talking = live.filter(({ channel }) => channel.state === 'Up');
  // One alone talks to a menu or a mailbox, except when it waits for the one whom it wants called.
  const isAlone = live.length === 1 && !record.nativeId.startsWith(PLACED);
  if (record.answeredAt === null && (talking.length > 1 || (isAlone && talking.length === 1))) {
    const times = talking.map(({ answeredAt }) => answeredAt ?? at).sort();
    record.answeredAt = times.at(-1) ?? at;
    record.hangup = null;
  }
  if (record.legs.length > 0 && live.length === 0) record.endedAt ??= at;
}

/** The leg whose variable is the call's user data. */
export function userDataLeg({ legs }: CallRecord): Leg | undefined {
  const having = (leg: Leg) => leg.userDataText !== '';
  const live = legs.filter(({ leftAt }) => leftAt === null);
  return live.find(having) ?? legs.find(having) ?? live[0];
}
