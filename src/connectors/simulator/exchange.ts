import { randomUUID } from 'node:crypto';
import { isEnded } from '../../model/call.ts';
import { type Clock, systemClock } from '../clock.ts';
import {
  type CallRef,
  type DiversionOf,
  type IsAttended,
  type KeyPress,
  type LiveCalls,
  type SwitchCall,
  SwitchError,
  type SwitchParty,
} from '../connector.ts';
import { type AdoptedCall, adopted } from './adopted-call.ts';
import {
  answered,
  dialled,
  ended,
  forwarded,
  joined,
  type OfferRequest,
  parked,
  rung,
  timedOut,
} from './call-state.ts';
import { EventLine } from './event-line.ts';
import type { SimulatorFault } from './faults.ts';

const RINGS_AFTER_MS = 200;
const OUTSIDE_ANSWERS_AFTER_MS = 1_000;
const EXTENSION_ANSWERS_AFTER_MS = 6_000;
const ENDED_REMEMBERED = 10_000;
const FIRST_PARKING_PLACE = 701;

/** How an exchange may be made. */
export interface ExchangeOptions {
  /** Defaults to the machine's time. */
  readonly clock?: Clock;
  /** Defaults to none. */
  readonly faults?: Iterable<SimulatorFault>;
}

/** Who listens to an exchange. */
export interface Attachment {
  /** A call is new or has changed. */
  call(call: SwitchCall): void;
  /** Somebody has pressed digits in a call. */
  pressed(call: SwitchCall, press: KeyPress): void;
  /** The exchange has closed the link. */
  closed(reason: string): void;
}

/** A telephone switch in memory, with what the scripts of a demo or a test need to play the people. */
class Exchange {
  /** Faults in force; change them at any time. */
  readonly faults: Set<SimulatorFault>;
  /** Who answers by himself; null plays everybody. */
  isAttended: IsAttended | null = null;
  /** What becomes of calls before a telephone rings; null lets all of them ring. */
  diversionOf: DiversionOf | null = null;
  readonly #clock: Clock;
  readonly #line: EventLine;
  readonly #calls = new Map<string, SwitchCall>();
  readonly #timers = new Map<string, (() => void)[]>();
  readonly #digits = new Map<string, string>();
  readonly #ended = new Set<string>();
  #epoch = randomUUID() as string;
  #lastId = 0;
  #attachment: Attachment | null = null;

  constructor({ clock = systemClock, faults = [] }: ExchangeOptions) {
    this.faults = new Set(faults);
    this.#clock = clock;
    this.#line = new EventLine(clock, this.faults, (call) => this.#attachment?.call(call));
  }

  /** All calls that live, and the run of the exchange. */
  list(): LiveCalls {
    return { epoch: this.#epoch, calls: [...this.#calls.values()] };
  }

  /** A new call, such as one from an outside number to an extension; it rings and is answered by itself. */
  offer(request: OfferRequest): CallRef {
    const ref = { epoch: this.#epoch, nativeId: this.#freshId() };
    this.put(dialled(ref, request, this.now()));
    this.#later(ref, RINGS_AFTER_MS, (call) => {
      if (call.state === 'DIALING') this.#ringOut(call, request.toExtension);
    });
    this.#answerLater(ref, 1, request.toExtension);
    const { ringSeconds, maxSeconds } = request;
    if (ringSeconds) this.#later(ref, ringSeconds * 1000, (call) => this.#giveUp(call));
    if (maxSeconds) this.#later(ref, maxSeconds * 1000, (call) => this.#timeOut(call));
    return ref;
  }

  /** Puts in a ready-made call, which stays as it is until it is hung up. Throws when its id is taken. */
  adopt(partial: AdoptedCall): CallRef {
    const { nativeId } = partial;
    if (this.#calls.has(nativeId) || this.#ended.has(nativeId)) {
      throw new Error(`The exchange has had a call ${nativeId}`);
    }
    this.put(adopted(partial, this.#epoch, this.now()));
    return { epoch: this.#epoch, nativeId };
  }

  /** A person hangs up, whatever the faults. False when the call is over already. */
  remoteHangup(ref: CallRef, by: 'CALLER' | 'CALLEE'): boolean {
    const call = this.lookUp(ref);
    if (!call) return false;
    const unanswered =
      by === 'CALLER'
        ? { disposition: 'CANCELLED' as const, q850Cause: 16 }
        : { disposition: 'REJECTED' as const, q850Cause: 21 };
    const answered = { disposition: 'ANSWERED' as const, q850Cause: 16 };
    this.put(ended(call, { ...(call.answeredAt ? answered : unanswered), by }, this.now()));
    return true;
  }

  /** A person presses digits. False when the call is over already, or nobody has that part in it. */
  press(ref: CallRef, by: 'CALLER' | 'CALLEE', digits: string): boolean {
    const call = this.lookUp(ref);
    const leg = call?.parties.find(({ role }) => role === by);
    if (!call || !leg) return false;
    if (this.faults.has('missed-events')) return true;
    const { nativeId } = leg;
    this.#attachment?.pressed(call, { nativeId, digits, at: this.now() });
    return true;
  }

  /** The link closes; the calls go on. */
  cut(): void {
    this.#close('The link was cut.');
  }

  /** The exchange begins a new run without calls, and its link closes. */
  restart(): void {
    for (const nativeId of [...this.#calls.keys()]) this.#forget(nativeId);
    this.#ended.clear();
    this.#epoch = randomUUID();
    this.#close('The exchange was restarted.');
  }

  /** Takes a call in which a new leg rings, the last one, which answers by itself. */
  ring(call: SwitchCall, toExtension: boolean): void {
    this.put(call);
    this.#answerLater(call, call.parties.length - 1, toExtension);
  }

  /** A leg leaves, and is rung again when nobody has taken out in time what it has parked. */
  park(call: SwitchCall, leg: SwitchParty, returnSeconds: number): void {
    const by = leg.number;
    const place = { at: this.now(), position: this.#freePosition(), by };
    this.put(parked(call, leg, place));
    this.#later(call, returnSeconds * 1000, (now) => {
      const waits = now.parties.some(({ parking }) => parking?.at === place.at);
      const rings = now.parties.some(({ state }) => state === 'RINGING');
      if (waits && !rings && by !== null) this.ring(joined(now, by, this.now()), true);
    });
  }

  /** The digits that a live call has been sent so far. */
  digitsOf(ref: CallRef): string {
    return this.#digits.get(ref.nativeId) ?? '';
  }

  /** Sends digits into a live call. */
  dial(ref: CallRef, digits: string): void {
    this.#digits.set(ref.nativeId, this.digitsOf(ref) + digits);
  }

  /** The call, or null when it has ended; throws CALL_NOT_FOUND when this run never had it. */
  lookUp(ref: CallRef): SwitchCall | null {
    const call = ref.epoch === this.#epoch ? this.#calls.get(ref.nativeId) : undefined;
    if (call) return call;
    if (ref.epoch === this.#epoch && this.#ended.has(ref.nativeId)) return null;
    throw new SwitchError('CALL_NOT_FOUND', 'The switch has no such call.');
  }

  /** Takes a call's new state and tells the link. */
  put(call: SwitchCall): void {
    if (isEnded(call)) this.#remember(call.nativeId);
    else this.#calls.set(call.nativeId, call);
    this.#line.send(call);
  }

  /** Connects a listener, in place of the one before; gives back what disconnects it. */
  attach(attachment: Attachment): () => void {
    if (this.faults.has('unreachable')) {
      throw new SwitchError('LINK_DOWN', 'The exchange cannot be reached.');
    }
    this.#close('Another link took over.');
    this.#attachment = attachment;
    return () => {
      if (this.#attachment === attachment) this.#close('The link was closed by its owner.');
    };
  }

  /** The present moment as ISO 8601. */
  now(): string {
    return this.#clock.now().toISOString();
  }

  #ringOut(call: SwitchCall, toExtension: boolean): void {
    const [, callee] = call.parties;
    if (toExtension && callee && this.diversionOf) void this.#divert(call, callee);
    else this.put(rung(call, this.now()));
  }

  /** Rings when it cannot be known, and when somebody would call himself. */
  async #divert(ref: SwitchCall, callee: SwitchParty): Promise<void> {
    const asked = this.diversionOf?.(callee.number ?? '', ref.organizationId);
    const diversion = await asked?.catch(() => null);
    const call = this.#calls.get(ref.nativeId);
    if (call?.state !== 'DIALING') return;
    const [target, at] = [diversion?.forwardTo, this.now()];
    if (target && target.to !== call.ani) {
      this.ring(forwarded(call, callee, target.to, at), target.toExtension);
    } else if (diversion?.doNotDisturb) {
      this.put(ended(call, { disposition: 'BUSY', by: 'SWITCH', q850Cause: 17 }, at));
    } else this.put(rung(call, at));
  }

  /** Nobody has answered in time. */
  #giveUp(call: SwitchCall): void {
    if (call.answeredAt === null) this.#timeOut(call);
  }

  #timeOut(call: SwitchCall): void {
    this.put(ended(call, timedOut(call), this.now()));
  }

  #close(reason: string): void {
    this.#line.clear();
    const attachment = this.#attachment;
    this.#attachment = null;
    attachment?.closed(reason);
  }

  #freePosition(): number {
    const taken = [...this.#calls.values()].flatMap(({ parties }) =>
      parties.map(({ parking }) => parking?.position),
    );
    let position = FIRST_PARKING_PLACE;
    while (taken.includes(position)) position += 1;
    return position;
  }

  #freshId(): string {
    let nativeId: string;
    do nativeId = `sim-${++this.#lastId}`;
    while (this.#calls.has(nativeId) || this.#ended.has(nativeId));
    return nativeId;
  }

  #answerLater(ref: CallRef, index: number, isExtension: boolean): void {
    const patience = isExtension ? EXTENSION_ANSWERS_AFTER_MS : OUTSIDE_ANSWERS_AFTER_MS;
    this.#later(ref, patience, (call) => {
      const leg = call.parties[index];
      if (leg?.state !== 'RINGING') return;
      if (isExtension && this.isAttended) void this.#answerUnattended(call, leg);
      else this.put(answered(call, leg, this.now()));
    });
  }

  /** The exchange answers for those who are not there; when that cannot be known, it goes on ringing. */
  async #answerUnattended(ref: SwitchCall, { nativeId, number }: SwitchParty): Promise<void> {
    const isThere = await this.isAttended?.(number ?? '', ref.organizationId).catch(() => true);
    const call = isThere ? undefined : this.#calls.get(ref.nativeId);
    const leg = call?.parties.find((party) => party.nativeId === nativeId);
    if (call && leg?.state === 'RINGING') this.put(answered(call, leg, this.now()));
  }

  #later({ nativeId }: CallRef, ms: number, change: (call: SwitchCall) => void): void {
    const cancel = this.#clock.schedule(ms, () => {
      const call = this.#calls.get(nativeId);
      if (call) change(call);
    });
    this.#timers.set(nativeId, [...(this.#timers.get(nativeId) ?? []), cancel]);
  }

  #remember(nativeId: string): void {
    this.#forget(nativeId);
    this.#ended.add(nativeId);
    const [oldest] = this.#ended;
    if (this.#ended.size > ENDED_REMEMBERED && oldest !== undefined) this.#ended.delete(oldest);
  }

  #forget(nativeId: string): void {
    for (const cancel of this.#timers.get(nativeId) ?? []) cancel();
    this.#timers.delete(nativeId);
    this.#calls.delete(nativeId);
    this.#digits.delete(nativeId);
  }
}

export type { Exchange };

/** A new exchange without calls, in a run of its own. */
export const createExchange = (options: ExchangeOptions = {}): Exchange => new Exchange(options);
