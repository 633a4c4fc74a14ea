import type { Clock } from '../clock.ts';
import type { SwitchCall } from '../connector.ts';
import type { SimulatorFault } from './faults.ts';

const LATE_MS = 100;

interface Waiting {
  readonly call: SwitchCall;
  readonly cancel: () => void;
}

/** The way that events take from the exchange to its link, with all that may happen to them there. */
export class EventLine {
  readonly #clock: Clock;
  readonly #faults: ReadonlySet<SimulatorFault>;
  readonly #deliver: (call: SwitchCall) => void;
  readonly #waiting = new Map<string, Waiting>();

  constructor(
    clock: Clock,
    faults: ReadonlySet<SimulatorFault>,
    deliver: (call: SwitchCall) => void,
  ) {
    this.#clock = clock;
    this.#faults = faults;
    this.#deliver = deliver;
  }

  /** Sends one event. */
  send(call: SwitchCall): void {
    if (this.#faults.has('missed-events')) return;
    const earlier = this.#take(call.nativeId);
    if (!earlier && this.#faults.has('swapped-events')) {
      this.#hold(call);
      return;
    }
    this.#arrive(call);
    if (earlier) this.#arrive(earlier.call);
  }

  /** Forgets what is under way: nobody is connected. */
  clear(): void {
    for (const nativeId of [...this.#waiting.keys()]) this.#take(nativeId);
  }

  #hold(call: SwitchCall): void {
    const cancel = this.#clock.schedule(LATE_MS, () => {
      const late = this.#take(call.nativeId);
      if (late) this.#arrive(late.call);
    });
    this.#waiting.set(call.nativeId, { call, cancel });
  }

  #take(nativeId: string): Waiting | undefined {
    const waiting = this.#waiting.get(nativeId);
    waiting?.cancel();
    this.#waiting.delete(nativeId);
    return waiting;
  }

  #arrive(call: SwitchCall): void {
    this.#deliver(call);
    if (this.#faults.has('duplicate-events')) this.#deliver(call);
  }
}
