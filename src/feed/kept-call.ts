import type { CallView } from '../model/call.ts';

/** So many calls are kept as they were read: whoever is told of a change is so before as many others are read. */
const AT_HAND = 128;
const atHand: (KeptCall | null)[] = Array(AT_HAND).fill(null);
let next = 0;

/**
 * A call as the log has it. Kept as text, and read when it is asked for: ten thousand of them as objects are most of
 * what a garbage collection has to visit, and what nobody follows need not be read at all.
 */
export class KeptCall {
  /** As JSON. */
  readonly text: string;
  #call: CallView | null = null;
  #keys: readonly string[] | null = null;

  constructor(text: string) {
    this.text = text;
  }

  get call(): CallView {
    if (this.#call) return this.#call;
    const call: CallView = JSON.parse(this.text);
    const oldest = atHand[next];
    if (oldest) oldest.#call = null;
    atHand[next] = this;
    next = (next + 1) % AT_HAND;
    this.#keys ??= Object.keys(call.userData ?? {});
    this.#call = call;
    return call;
  }

  /** Of its user data. */
  get keys(): readonly string[] {
    return this.#keys ?? Object.keys(this.call.userData ?? {});
  }
}
