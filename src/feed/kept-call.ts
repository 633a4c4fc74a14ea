import type { CallView } from '../model/call.ts';

/** So many calls are kept as they were read: whoever is told of a change is so before as many others are read. */
const AT_HAND = 32;
const atHand: (KeptCall | null)[] = Array(AT_HAND).fill(null);
let next = 0;

/**
 * A call as the log has it. Kept as text, and read when it is asked for: what nobody follows need not be read at all (but
 * where user data has changed: its keys are kept), and of all that one look at the log gave few are objects when garbage
 * is collected.
 */
export class KeptCall {
  /** As JSON. */
  readonly text: string;
  #call: CallView | null = null;

  constructor(text: string) {
    this.text = text;
  }

  get call(): CallView {
    if (this.#call) return this.#call;
    const oldest = atHand[next];
    if (oldest) oldest.#call = null;
    atHand[next] = this;
    next = (next + 1) % AT_HAND;
    const call: CallView = JSON.parse(this.text);
    this.#call = call;
    return call;
  }

  /** Of its user data. */
  get keys(): readonly string[] {
    return Object.keys(this.call.userData ?? {});
  }
}
