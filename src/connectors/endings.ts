import type { SwitchCall } from './connector.ts';

const MOST_KEPT = 10_000;
const HOPELESS_AFTER = 5;

interface Ending {
  readonly call: SwitchCall;
  failures: number;
}

/**
 * Ends of calls that are still to be handed over. No list of live calls will ever say
 * them again: lost here, such a call would pass for one that was lost on the switch.
 */
export class Endings {
  readonly #kept = new Set<Ending>();

  /** Keeps one for later. */
  add(call: SwitchCall): void {
    if (this.#kept.size < MOST_KEPT) this.#kept.add({ call, failures: 0 });
  }

  /** Hands them over in order. Rejects with the first failure, except of one that has failed often. */
  async handOver(take: (call: SwitchCall) => Promise<void>): Promise<void> {
    for (const ending of [...this.#kept]) {
      try {
        await take(ending.call);
        this.#kept.delete(ending);
      } catch (error) {
        ending.failures += 1;
        if (ending.failures < HOPELESS_AFTER) throw error;
      }
    }
  }

  /** Something else was taken: what failed often until now is at fault itself. */
  dropHopeless(): void {
    for (const ending of this.#kept) {
      if (ending.failures >= HOPELESS_AFTER) this.#kept.delete(ending);
    }
  }
}
