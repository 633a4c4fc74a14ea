import { isEnded } from '../model/call.ts';
import type { KeyPress, SwitchCall } from './connector.ts';

/** Of each sort: digits leave the ends of calls their room. */
const MOST_KEPT = 10_000;
const HOPELESS_AFTER = 5;

/** What a switch says of a call: how it is, or what was pressed in it. */
export interface Word {
  readonly call: SwitchCall;
  /** Null when it is about the call; grows until it is handed over. */
  readonly presses: KeyPress[] | null;
}

interface Kept {
  readonly word: Word;
  failures: number;
}

/**
 * Ends of calls, and what was pressed in them, that are still to be handed over. No list of live calls will ever say
 * them again: lost here, a call that has ended would pass for one that was lost on the switch.
 */
export class Unlisted {
  readonly #kept = new Set<Kept>();
  #ends = 0;
  #presses = 0;

  /** Keeps one for later, if it is of that kind. */
  add(word: Word): void {
    if (word.presses ? this.#presses >= MOST_KEPT : this.#ends >= MOST_KEPT) return;
    if (!word.presses && !isEnded(word.call)) return;
    this.#kept.add({ word, failures: 0 });
    this.#count(word, 1);
  }

  /** Hands them over in order. Rejects with the first failure, except of one that has failed often. */
  async handOver(take: (word: Word) => Promise<void>): Promise<void> {
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

  #drop(kept: Kept): void {
    if (this.#kept.delete(kept)) this.#count(kept.word, -1);
  }

  #count({ presses }: Word, one: 1 | -1): void {
    if (presses) this.#presses += one;
    else this.#ends += one;
  }
}
