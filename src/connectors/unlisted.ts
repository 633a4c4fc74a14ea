import { isEnded } from '../model/call.ts';
import type { SwitchCall } from './connector.ts';
import type { HeardPress } from './heard-press.ts';

const MOST_ENDS = 10_000;
/** Each is a write of its own, for which what lives on the switch has to wait. */
const MOST_PRESSES = 2_000;
/** One phone that does not stop must not take the room of all others. */
const MOST_OF_ONE_CALL = 200;
const HOPELESS_AFTER = 5;

/** What a switch says of a call: how it is, or what was pressed in it. */
export interface Word {
  readonly call: SwitchCall;
  /** Null when it is about the call; grows until it is handed over. */
  readonly presses: HeardPress[] | null;
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
  /** How many there are of each call. */
  readonly #pressesOf = new Map<string, number>();

  /** Keeps one for later, if it is of that kind; says false when there is no room for it, and it is lost. */
  add(word: Word): boolean {
    const { call, presses } = word;
    if (presses) return this.#addPresses(call, presses);
    if (!isEnded(call)) return true;
    if (this.#ends >= MOST_ENDS) return false;
    this.#growing.delete(call.nativeId);
    this.#kept.add({ word, failures: 0 });
    this.#ends += 1;
    return true;
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

  #addPresses(call: SwitchCall, presses: HeardPress[]): boolean {
    const ofCall = (this.#pressesOf.get(call.nativeId) ?? 0) + presses.length;
    if (ofCall > MOST_OF_ONE_CALL || this.#presses + presses.length > MOST_PRESSES) return false;
    this.#countPresses(call, presses.length);
    const growing = this.#growing.get(call.nativeId);
    if (growing) {
      // The call as it is now has those who have joined it since.
      growing.word = { call, presses: [...(growing.word.presses ?? []), ...presses] };
      return true;
    }
    const kept: Kept = { word: { call, presses }, failures: 0 };
    this.#kept.add(kept);
    this.#growing.set(call.nativeId, kept);
    return true;
  }

  #countPresses({ nativeId }: SwitchCall, more: number): void {
    const ofCall = (this.#pressesOf.get(nativeId) ?? 0) + more;
    if (ofCall > 0) this.#pressesOf.set(nativeId, ofCall);
    else this.#pressesOf.delete(nativeId);
    this.#presses += more;
  }

  #drop(kept: Kept): void {
    if (!this.#kept.delete(kept)) return;
    const { call, presses } = kept.word;
    if (presses) this.#countPresses(call, -presses.length);
    else this.#ends -= 1;
  }
}
