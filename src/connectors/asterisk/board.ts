import { isDeepStrictEqual } from 'node:util';
import {
  type CallRef,
  type KeyPress,
  type PlaceRequest,
  type SwitchCall,
  SwitchError,
} from '../connector.ts';
import { type CallRecord, join, leave, newCall, settle } from './call-record.ts';
import {
  type AriEvent,
  type Channel,
  isoTime,
  isParty,
  linkedIdOf,
  listenedTo,
  USER_DATA,
} from './channel.ts';
import { takeEvent } from './events.ts';
import { type Leg, newLeg, updateLeg } from './leg.ts';
import { LostLegs, type PlacedLeg } from './lost-legs.ts';
import { RecentIds } from './recent-ids.ts';
import { callOf } from './switch-call.ts';

const DIGIT = /^[0-9*#A-D]$/;

/** What was pressed in a call, which is as it is then. */
export interface Pressed {
  readonly call: SwitchCall;
  readonly press: KeyPress;
}

/** What is known of one run of Asterisk: its channels, grouped to calls by their linkedid. */
export class Board {
  readonly epoch: string;
  readonly #calls = new Map<string, CallRecord>();
  readonly #legs = new Map<string, PlacedLeg>();
  readonly #lost = new LostLegs();
  readonly #told = new WeakMap<CallRecord, SwitchCall>();
  readonly #endedCalls = new RecentIds();
  readonly #goneLegs = new RecentIds();
  /** Channels that listen to calls which are over. */
  readonly #strays = new Set<string>();
  #mark = 0;

  constructor(epoch: string) {
    this.epoch = epoch;
  }

  /** This moment, to say later what happened since. */
  mark(): number {
    return this.#mark;
  }

  /** Takes an event and gives the calls that it changed. */
  apply(event: AriEvent): SwitchCall[] {
    this.#mark += 1;
    const channel = event.channel ?? event.peer;
    if (!channel || this.#goneLegs.has(channel.id)) return [];
    const at = isoTime(event.timestamp ?? channel.creationtime);
    if (this.#lost.has(channel.id)) {
      const call = this.#lost.take(event, channel.id, at);
      return call ? this.changed(call) : [];
    }
    const known = this.#legs.get(channel.id);
    if (!isParty(channel) || (!known && event.type === 'ChannelDestroyed')) return [];
    if (this.#isOrphan(channel)) {
      if (event.type !== 'ChannelDestroyed') this.#strays.add(channel.id);
      this.#forgetLeg(channel.id);
      return [];
    }
    const { leg, call, left } = this.#place(channel, at);
    leg.touched = this.#mark;
    takeEvent(event, leg, call, at);
    if (leg.leftAt !== null) this.#forgetLeg(leg.id);
    return [left, call].flatMap((record) => (record ? this.#changed(record, at) : []));
  }

  /** What was pressed, by the leg's name in its call, of an event that was applied; null when nothing was, or when it was told before. */
  pressed({ type, channel, timestamp, digit = '' }: AriEvent): Pressed | null {
    if (type !== 'ChannelDtmfReceived' || !channel || !DIGIT.test(digit)) return null;
    const placed = this.#legs.get(channel.id);
    const at = isoTime(timestamp ?? channel.creationtime);
    // No phone can press two within a millisecond.
    if (!placed || placed.leg.pressedAt === at) return null;
    placed.leg.pressedAt = at;
    const call = callOf(placed.call, this.epoch);
    const { nativeId = channel.id } = call.parties[placed.call.legs.indexOf(placed.leg)] ?? {};
    return { call, press: { nativeId, digits: digit, at } };
  }

  /** Takes a list that was asked for at `mark`. What events have told since then is newer. */
  sync(channels: readonly Channel[], mark: number, now: string): void {
    for (const id of this.#lost.clear()) this.#goneLegs.add(id);
    const parties = channels.filter((each) => isParty(each) && !this.#goneLegs.has(each.id));
    // Those who listen come last: their call must be there.
    for (const channel of parties.filter((each) => listenedTo(each) === null)) {
      this.#list(channel, mark, now);
    }
    for (const channel of parties.filter((each) => listenedTo(each) !== null)) {
      if (!this.#isOrphan(channel)) this.#list(channel, mark, now);
    }
    // Of those that events have told of, too: they live, and may have been hung up in vain.
    const orphans = channels.filter((each) => this.#isOrphan(each));
    for (const { id } of orphans) this.#strays.add(id);
    const listed = new Set(parties.map(({ id }) => id));
    for (const placed of [...this.#legs.values()]) {
      if (!listed.has(placed.leg.id) && placed.leg.touched <= mark) this.#lose(placed, now);
    }
    for (const call of [...this.#calls.values()]) {
      settle(call, now);
      if (call.endedAt !== null) this.#forgetCall(call);
    }
  }

  /** Ids of the channels that go on listening though their call is over; each is given once, and again when listed. */
  takeStrays(): string[] {
    const ids = [...this.#strays];
    this.#strays.clear();
    return ids;
  }

  /** All calls that live. */
  live(): SwitchCall[] {
    const begun = [...this.#calls.values()].filter(({ legs }) => legs.length > 0);
    return begun.map((call) => callOf(call, this.epoch));
  }

  /** The call, or null when it has ended; throws CALL_NOT_FOUND when this run never had it. */
  lookUp({ epoch, nativeId }: CallRef): CallRecord | null {
    const call = epoch === this.epoch ? this.#calls.get(nativeId) : undefined;
    if (call && call.legs.length > 0) return call;
    if (epoch === this.epoch && this.#endedCalls.has(nativeId)) return null;
    throw new SwitchError('CALL_NOT_FOUND', 'Asterisk has no such call.');
  }

  /** A call will come that Tandem places. */
  expect(nativeId: string, request: PlaceRequest): void {
    this.#calls.set(nativeId, newCall(nativeId, request));
  }

  /** It will not come. */
  unexpect(nativeId: string): void {
    if (this.#calls.get(nativeId)?.legs.length === 0) this.#calls.delete(nativeId);
  }

  /** Remembers that Tandem asked for the end of these legs. */
  noteAsked(call: CallRecord, legs: readonly Leg[]): void {
    this.#mark += 1;
    for (const { id } of legs) call.asked.set(id, this.#mark);
  }

  /** The call, when it is other than it was last told. */
  changed(call: CallRecord): SwitchCall[] {
    const now = callOf(call, this.epoch);
    if (isDeepStrictEqual(this.#told.get(call), now)) return [];
    this.#told.set(call, now);
    return [now];
  }

  #changed(call: CallRecord, at: string): SwitchCall[] {
    settle(call, at);
    if (call.endedAt !== null) this.#forgetCall(call);
    return this.changed(call);
  }

  /** The channel's leg in its call; `left` is the call in which it was until now. */
  #place(channel: Channel, at: string) {
    const known = this.#legs.get(channel.id);
    const callId = listenedTo(channel) ?? linkedIdOf(channel);
    const leg = known?.leg ?? newLeg(channel, at);
    if (known) updateLeg(leg, channel, at);
    if (known?.call.nativeId === callId) return { leg, call: known.call, left: null };
    const call = this.#calls.get(callId) ?? newCall(callId, null);
    this.#calls.set(callId, call);
    this.#legs.set(leg.id, { leg, call });
    join(call, leg);
    if (known) leave(known.call, leg, at);
    return { leg, call, left: known?.call ?? null };
  }

  /** It listens to a call that is over. */
  #isOrphan(channel: Channel): boolean {
    const callId = listenedTo(channel);
    return callId !== null && !this.#calls.has(callId);
  }

  #list(channel: Channel, mark: number, now: string): void {
    const known = this.#legs.get(channel.id);
    if (known && known.leg.touched > mark) return;
    const { leg, call } = this.#place(channel, known ? now : isoTime(channel.creationtime));
    leg.userDataText = channel.channelvars?.[USER_DATA] ?? leg.userDataText;
    // It lives, whatever was said to a hang-up before.
    if (!call.hangup && (call.asked.get(leg.id) ?? mark + 1) <= mark) call.asked.delete(leg.id);
  }

  /** Asterisk has it no more, and has not said how it ended. */
  #lose(placed: PlacedLeg, at: string): void {
    placed.leg.leftAt = at;
    this.#legs.delete(placed.leg.id);
    this.#lost.add(placed);
  }

  #forgetLeg(id: string): void {
    this.#legs.delete(id);
    this.#goneLegs.add(id);
  }

  #forgetCall(call: CallRecord): void {
    const listening = call.legs.filter(({ leftAt, isListener }) => isListener && leftAt === null);
    for (const { id } of listening) this.#strays.add(id);
    this.#calls.delete(call.nativeId);
    this.#endedCalls.add(call.nativeId);
  }
}
