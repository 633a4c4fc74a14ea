import { nameIn } from '../../model/identifiers.ts';
import { capabilitiesOf } from './call-capabilities.ts';
import type { CallData } from './call-documents.ts';

/** Where a leg stands, in the words of GWS. */
const STATES = {
  DIALING: 'Dialing',
  RINGING: 'Ringing',
  CONNECTED: 'Established',
  HELD: 'Held',
  ENDED: 'Released',
} as const;
export type GenesysState = (typeof STATES)[keyof typeof STATES];

const TYPES = {
  INTERNAL: 'Internal',
  INBOUND: 'Inbound',
  OUTBOUND: 'Outbound',
  CONSULT: 'Consult',
} as const;

const RECORDING = { STOPPED: 'Stopped', RECORDING: 'Recording', PAUSED: 'Paused' } as const;

/** Whose call it is, and how this server is called. */
export interface Viewpoint {
  /** Tandem's id of the user. */
  readonly userId: string;
  /** The beginning of absolute URIs, such as `http://host:8080/api/v2`. */
  readonly base: string;
}

type Leg = CallData['participants'][number];

/** In this order: a telephone that talks is the one that is meant, where the user has two in a call. */
const FIRST = ['CONNECTED', 'HELD', 'RINGING', 'DIALING'] as const;

/** The leg of the user's own telephone: one that is up before one that has left. A queue of the user's is none. */
export function legOf({ participants }: CallData, { userId }: Viewpoint): Leg | undefined {
  const own = participants.filter(
    ({ extension }) => extension?.kind === 'TERMINAL' && extension.owner?.id === userId,
  );
  const live = FIRST.flatMap((state) => own.filter((leg) => leg.state === state));
  return live.find(({ role }) => role !== 'LISTENER') ?? live[0] ?? own.at(-1);
}

/** A call as one of its users has it: its state is that of the own leg. */
export const stateOf = (leg: Leg): GenesysState => STATES[leg.state];

/** The name of a call in URIs. */
export const callIdOf = (call: CallData) => nameIn('GENESYS', call);

/** The Call resource; null when no telephone of the user has a part in the call, or none yet. @param withRecording even when it has stopped */
export function callResource(call: CallData, viewpoint: Viewpoint, withRecording = false) {
  const leg = legOf(call, viewpoint);
  if (!leg?.extension || isUnheard(leg)) return null;
  const { base } = viewpoint;
  const id = callIdOf(call);
  const state = stateOf(leg);
  const hasUserData = Object.keys(call.userData ?? {}).length > 0;
  const hasRecording = withRecording || call.recordingState !== 'STOPPED';
  const parent = parentOf(call, leg);
  return {
    id,
    state,
    callUuid: id,
    connId: connectionOf(call),
    deviceUri: `${base}/devices/${leg.extension.id}`,
    participants: othersOf(call, leg).map(participant),
    ...(call.dnis !== null && { dnis: call.dnis }),
    ...(call.ani !== null && call.callType !== 'INTERNAL' && { ani: call.ani }),
    callType: TYPES[call.callType],
    capabilities: capabilitiesOf(call, state),
    ...(hasUserData && { userData: call.userData }),
    duration: String(call.duration),
    mute: leg.muted ? 'On' : 'Off',
    ...(hasRecording && { recordingState: RECORDING[call.recordingState] }),
    supervisorListeningIn: call.participants.some((other) => other !== leg && isListening(other)),
    monitoredUserMuted: false,
    monitoring: isListening(leg),
    ...(parent !== null && {
      ...{ parentCallUri: `${base}/me/calls/${parent}`, parentCallPath: `/calls/${parent}` },
    }),
    uri: `${base}/me/calls/${id}`,
    path: `/calls/${id}`,
  };
}

/** Hears the call and is none of those who talk, which is told otherwise. */
const isListening = ({ role, state }: Leg) => role === 'LISTENER' && state === 'CONNECTED';

/** Nothing rings there yet; or it never has, for the call went elsewhere. */
function isUnheard({ role, state, ringingAt, answeredAt }: Leg): boolean {
  if (role === 'CALLER' || ringingAt !== null || answeredAt !== null) return false;
  return state === 'DIALING' || state === 'ENDED';
}

export type CallResource = NonNullable<ReturnType<typeof callResource>>;

/** A connection's id is 16 hex digits; a call that came without one has it from its own id. */
const connectionOf = ({ id, identifiers }: CallData) =>
  identifiers.find(({ scheme }) => scheme === 'GENESYS_CONNECTION')?.value ??
  id.replaceAll('-', '').slice(-16);

/** Who else is there, each number once; of a call that is over, who was there at its end. */
function othersOf({ participants }: CallData, leg: Leg): Leg[] {
  const others = participants.filter(
    ({ extension, number, role }) =>
      extension?.id !== leg.extension?.id && number !== null && role !== 'LISTENER',
  );
  const live = others.filter(({ state }) => state !== 'ENDED');
  const there = leg.state === 'ENDED' && live.length === 0 ? lastOf(others, leg) : live;
  return there.filter(
    ({ number }, index) => there.findIndex((other) => other.number === number) === index,
  );
}

/** Those who left no sooner than this leg, or last before it: the legs of one hang-up end one after the other. */
function lastOf(others: readonly Leg[], leg: Leg): readonly Leg[] {
  const remaining = others.filter((other) => leftAt(other) >= leftAt(leg));
  if (remaining.length > 0) return remaining;
  const last = Math.max(...others.map(leftAt));
  return others.filter((other) => leftAt(other) === last);
}

/** When a leg left, in ms; what is not known counts as the end of the call. */
const leftAt = ({ leftAt: at }: Leg): number => (at === null ? Infinity : Date.parse(at));

/** Numbers are not put into another form: nobody knows the plan of the switch. */
const participant = ({ number }: Leg) => ({
  e164Number: '',
  formattedPhoneNumber: number,
  phoneNumber: number,
  digits: number,
});

/** The name of the call about which this leg consults; null for who is consulted, who has no part in it. */
const parentOf = ({ parentId, parentIdentifiers }: CallData, { role }: Leg) =>
  parentId !== null && role === 'CALLER'
    ? nameIn('GENESYS', { id: parentId, identifiers: parentIdentifiers })
    : null;
