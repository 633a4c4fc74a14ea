import type { CallState, ParticipantRole } from '../../model/call.ts';
import { isDialable } from '../../model/phone-number.ts';
import type { SwitchParty } from '../connector.ts';
import {
  type Channel,
  isoTime,
  listenedTo,
  ORGANIZATION,
  RECORDING,
  USER_DATA,
} from './channel.ts';

/** What is remembered of one channel. */
export interface Leg {
  readonly id: string;
  readonly createdAt: string;
  /** It hears the call, and is none of those who talk. */
  readonly isListener: boolean;
  channel: Channel;
  /** The board's mark when an event last told of it. */
  touched: number;
  ringingAt: string | null;
  answeredAt: string | null;
  heldAt: string | null;
  /** When it was last put on hold or taken back. */
  holdChangedAt: string;
  leftAt: string | null;
  /** When something was pressed last. */
  pressedAt: string;
  /** Q.850, once it has left. */
  cause: number | null;
  userDataText: string;
  organizationId: string | null;
  /** The value of the variable that tells of a recording; empty when there is none. */
  recording: string;
}

/** What is to be remembered of a channel that is new here. */
export function newLeg(channel: Channel, at: string): Leg {
  const leg: Leg = {
    id: channel.id,
    createdAt: isoTime(channel.creationtime),
    isListener: listenedTo(channel) !== null,
    channel,
    touched: 0,
    ringingAt: null,
    answeredAt: null,
    heldAt: null,
    holdChangedAt: '',
    leftAt: null,
    pressedAt: '',
    cause: null,
    userDataText: '',
    organizationId: null,
    recording: '',
  };
  updateLeg(leg, channel, at);
  return leg;
}

/** Takes what the channel is now. Up is never taken back: such an event was overtaken on its way. */
export function updateLeg(leg: Leg, channel: Channel, at: string): void {
  const { state } = leg.channel;
  leg.channel = rankOf(channel.state) < rankOf(state) ? { ...channel, state } : channel;
  if (channel.state === 'Ringing') leg.ringingAt ??= at;
  if (channel.state === 'Up') leg.answeredAt ??= at;
  // An empty one may be not set yet; that it was deleted, an event of its own tells.
  leg.userDataText = channel.channelvars?.[USER_DATA] || leg.userDataText;
  leg.recording = channel.channelvars?.[RECORDING] || leg.recording;
  leg.organizationId = channel.channelvars?.[ORGANIZATION] || leg.organizationId;
}

/** Takes a hold or the end of one, unless it is older than the last. */
export function holdLeg(leg: Leg, held: boolean, at: string): void {
  if (at < leg.holdChangedAt) return;
  leg.holdChangedAt = at;
  leg.heldAt = held ? (leg.heldAt ?? at) : null;
}

/** Where the leg stands. */
export function stateOf(leg: Leg): CallState {
  if (leg.leftAt !== null) return 'ENDED';
  if (leg.channel.state === 'Up') return leg.heldAt === null ? 'CONNECTED' : 'HELD';
  return leg.channel.state === 'Ringing' ? 'RINGING' : 'DIALING';
}

/** The leg as the rest of Tandem sees it; `number` is what else is known when Asterisk tells none. */
export const partyOfLeg = (
  leg: Leg,
  role: ParticipantRole,
  number: string | null,
): SwitchParty => ({
  nativeId: leg.id,
  role,
  number: leg.channel.caller.number || number || endpointOf(leg.channel.name),
  name: leg.channel.caller.name || null,
  state: stateOf(leg),
  ringingAt: leg.ringingAt,
  answeredAt: leg.answeredAt,
  heldAt: leg.leftAt === null ? leg.heldAt : null,
  leftAt: leg.leftAt,
});

/** `PJSIP/210-0000001a` is the phone 210; a trunk's name is no number. */
function endpointOf(channelName: string): string | null {
  const name = /^[^/]+\/(.+)-[\da-f]+$/.exec(channelName)?.[1] ?? '';
  return isDialable(name) ? name : null;
}

const rankOf = (state: string) => ['Ring', 'Ringing', 'Up'].indexOf(state);
