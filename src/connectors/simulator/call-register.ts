import { randomUUID } from 'node:crypto';
import { isEnded } from '../../model/call.ts';
import type { Clock } from '../clock.ts';
import { type CallRef, type LiveCalls, type SwitchCall, SwitchError } from '../connector.ts';

const ENDED_REMEMBERED = 10_000;

/** The calls of one run of an exchange, with what is to happen to them and what was dialled in them. */
export class CallRegister {
  readonly #clock: Clock;
  readonly #calls = new Map<string, SwitchCall>();
  readonly #timers = new Map<string, (() => void)[]>();
  readonly #digits = new Map<string, string>();
  readonly #ended = new Set<string>();
  #epoch = randomUUID() as string;
  #lastId = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** All calls that live, and the run. */
  list(): LiveCalls {
    return { epoch: this.#epoch, calls: [...this.#calls.values()] };
  }

  /** The call, if it lives. */
  get(nativeId: string): SwitchCall | undefined {
    return this.#calls.get(nativeId);
  }

  /** The call, or null when it has ended; throws CALL_NOT_FOUND when this run never had it. */
  lookUp({ epoch, nativeId }: CallRef): SwitchCall | null {
    const call = epoch === this.#epoch ? this.#calls.get(nativeId) : undefined;
    if (call) return call;
    if (epoch === this.#epoch && this.#ended.has(nativeId)) return null;
    throw new SwitchError('CALL_NOT_FOUND', 'The switch has no such call.');
  }

  /** A name for a new call. */
  freshRef(): CallRef {
    let nativeId: string;
    do nativeId = `sim-${++this.#lastId}`;
    while (this.#isKnown(nativeId));
    return { epoch: this.#epoch, nativeId };
  }

  /** The name that a new call is to have. Throws when it is taken. */
  refFor(nativeId: string): CallRef {
    if (this.#isKnown(nativeId)) throw new Error(`The exchange has had a call ${nativeId}`);
    return { epoch: this.#epoch, nativeId };
  }

  /** Keeps a call as it is now; of one that has ended, that it was there. */
  keep(call: SwitchCall): void {
    if (isEnded(call)) this.#remember(call.nativeId);
    else this.#calls.set(call.nativeId, call);
  }

  /** Does something with the call as it is then, unless it has ended. */
  later({ nativeId }: CallRef, ms: number, change: (call: SwitchCall) => void): void {
    const cancel = this.#clock.schedule(ms, () => {
      const call = this.#calls.get(nativeId);
      if (call) change(call);
    });
    this.#timers.set(nativeId, [...(this.#timers.get(nativeId) ?? []), cancel]);
  }

  /** The digits that a live call has been sent so far. */
  digitsOf({ nativeId }: CallRef): string {
    return this.#digits.get(nativeId) ?? '';
  }

  /** Adds digits that a live call is sent. */
  dial(ref: CallRef, digits: string): void {
    this.#digits.set(ref.nativeId, this.digitsOf(ref) + digits);
  }

  /** A new run without calls. */
  restart(): void {
    for (const nativeId of [...this.#calls.keys()]) this.#forget(nativeId);
    this.#ended.clear();
    this.#epoch = randomUUID();
  }

  #isKnown(nativeId: string): boolean {
    return this.#calls.has(nativeId) || this.#ended.has(nativeId);
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
