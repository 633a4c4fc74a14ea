import { isEnded } from '../model/call.ts';
import type { KeyPress, SwitchCall } from './connector.ts';

const MOST_ENDS = 10_000;
/** Each is a write of its own, for which what lives on the switch has to wait. */
const MOST_PRESSES = 2_000;
const HOPELESS_AFTER = 5;

/** What a switch says of a call: how it is, or what was pressed in it. */
export interface Word {
  readonly call: SwitchCall;
  /** Null when it is about the call; grows until it is handed over. */
  readonly presses: KeyPress[] | null;
}

interface Kept {
  word: Word;
  failures: number;
}

/**
 * Ends of calls, and what was pressed in them, that are still to be handed over. No list of live calls will ever say
 * them again: lost here, a call that has ended would pass for one that was lost on the switch.
 */
export class Unlisted {
  readonly #kept = new Set<Kept>();
  /** Words about presses that are the last of their calls: more of them is written at once. */
  readonly #growing = new Map<string, Kept>();
  #ends = 0;
  #presses = 0;

  /** Keeps one for later, if it is of that kind. */
  add(word: Word): void {
    const { call, presses } = word;
    if (presses) this.#addPresses(call, presses);
    else if (isEnded(call) && this.#ends < MOST_ENDS) {
      this.#growing.delete(call.nativeId);
      this.#kept.add({ word, failures: 0 });
      this.#ends += 1;
    }
  }

  /** Hands them over in order. Rejects with the first failure, except of one that has failed often. */
  async handOver(take: (word: Word) => Promise<void>): Promise<void> {
    this.#growing.clear();
    for (const kept of [...this.#kept]) {
      try {
        await take(kept.word);
        this.#drop(kept);
      } catch (error) {
        kept.failures += 1;
        if (kept.failures < HOPELESS_AFTER) throw error;
      }
    }
  }

  /** Something else was taken: what failed often until now is at fault itself. */
  dropHopeless(): void {
    for (const kept of this.#kept) {
      if (kept.failures >= HOPELESS_AFTER) this.#drop(kept);
    }
  }

  #addPresses(call: SwitchCall, presses: KeyPress[]): void {
    if (this.#presses + presses.length > MOST_PRESSES) return;
    this.#presses += presses.length;
    const growing = this.#growing.get(call.nativeId);
    if (growing) {
      // The call as it is now has those who have joined it since.
      growing.word = { call, presses: [...(growing.word.presses ?? []), ...presses] };
      return;
    }
    const kept: Kept = { word: { call, presses }, failures: 0 };
    this.#kept.add(kept);
    this.#growing.set(call.nativeId, kept);
  }

  #drop(kept: Kept): void {
    if (!this.#kept.delete(kept)) return;
    const { presses } = kept.word;
    if (presses) this.#presses -= presses.length;
    else this.#ends -= 1;
  }
}
