import { type Clock, systemClock } from '../clock.ts';
import {
  type CallRef,
  type KeyPress,
  type LiveCalls,
  type SwitchCall,
  SwitchError,
} from '../connector.ts';
import { type AdoptedCall, adopted } from './adopted-call.ts';
import { CallRegister } from './call-register.ts';
import { dialled, ended, type OfferRequest, timedOut } from './call-state.ts';
import { EventLine } from './event-line.ts';
import type { SimulatorFault } from './faults.ts';
import { holdOthers } from './one-talk.ts';
import { Telephones } from './telephones.ts';

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
  /** What happens at telephones when nobody says what. */
  readonly telephones: Telephones;
  readonly #clock: Clock;
  readonly #line: EventLine;
  readonly #register: CallRegister;
  #attachment: Attachment | null = null;

  constructor({ clock = systemClock, faults = [] }: ExchangeOptions) {
    this.faults = new Set(faults);
    this.#clock = clock;
    this.#line = new EventLine(clock, this.faults, (call) => this.#attachment?.call(call));
    this.#register = new CallRegister(clock);
    this.telephones = new Telephones(this, this.#register);
  }

  /** All calls that live, and the run of the exchange. */
  list(): LiveCalls {
    return this.#register.list();
  }

  /** A new call, such as one from an outside number to an extension; it rings and is answered by itself. */
  offer(request: OfferRequest): CallRef {
    return this.#begin(dialled(this.#register.freshRef(), request, this.now()), request);
  }

  /** A new call that somebody begins at a telephone: what it talks in waits meanwhile. */
  place(request: OfferRequest): CallRef {
    const call = dialled(this.#register.freshRef(), request, this.now());
    const [leg] = call.parties;
    if (leg) holdOthers(this, { call, leg });
    return this.#begin(call, request);
  }

  #begin(call: SwitchCall, request: OfferRequest): CallRef {
    const ref: CallRef = { epoch: call.epoch, nativeId: call.nativeId };
    this.put(call);
    this.telephones.ringLater(ref, request.toExtension);
    this.telephones.answerLater(ref, 1, request.toExtension);
    const { ringSeconds, maxSeconds } = request;
    if (ringSeconds) this.later(ref, ringSeconds * 1000, (call) => this.#giveUp(call));
    if (maxSeconds) this.later(ref, maxSeconds * 1000, (call) => this.#timeOut(call));
    return ref;
  }

  /** Puts in a ready-made call, which stays as it is until it is hung up. Throws when its id is taken. */
  adopt(partial: AdoptedCall): CallRef {
    const ref = this.#register.refFor(partial.nativeId);
    this.put(adopted(partial, ref.epoch, this.now()));
    return ref;
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
    this.#register.restart();
    this.#close('The exchange was restarted.');
  }

  /** Takes a call in which a new leg rings, the last one, which answers by itself. */
  ring(call: SwitchCall, toExtension: boolean): void {
    this.put(call);
    this.telephones.answerLater(call, call.parties.length - 1, toExtension);
  }

  /** Does something with a call after a while, unless it has ended. */
  later(ref: CallRef, ms: number, change: (call: SwitchCall) => void): void {
    this.#register.later(ref, ms, change);
  }

  /** The digits that a live call has been sent so far. */
  digitsOf(ref: CallRef): string {
    return this.#register.digitsOf(ref);
  }

  /** Sends digits into a live call. */
  dial(ref: CallRef, digits: string): void {
    this.#register.dial(ref, digits);
  }

  /** The call, or null when it has ended; throws CALL_NOT_FOUND when this run never had it. */
  lookUp(ref: CallRef): SwitchCall | null {
    return this.#register.lookUp(ref);
  }

  /** Takes a call's new state and tells the link. */
  put(call: SwitchCall): void {
    this.#register.keep(call);
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
}

export type { Exchange };

/** A new exchange without calls, in a run of its own. */
export const createExchange = (options: ExchangeOptions = {}): Exchange => new Exchange(options);
