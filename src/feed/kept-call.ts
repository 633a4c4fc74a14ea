import type { CallView } from '../model/call.ts';
import type { ExtensionView } from '../model/extension.ts';
import type { JsonObject } from '../model/json.ts';

/** A call as the log has it, as JSON. */
export interface LoggedCall {
  /** All of it but its surroundings; in what the log has kept of earlier days, all of it. */
  readonly text: string;
  /** Empty where the text has them. */
  readonly surroundings: string;
}

/** What a call stands among: more than half of what the log says of it, and few who follow it ask for that. */
interface Surroundings extends Pick<CallView, 'identifiers' | 'parent' | 'consultations'> {
  /** By the sequence of whom they belong to. */
  readonly extensions: Readonly<Record<string, ExtensionView>>;
}

/** So many calls are kept as they were read: whoever is told of a change is so before as many others are read. */
const AT_HAND = 128;
const atHand: (KeptCall | null)[] = Array(AT_HAND).fill(null);
let next = 0;

/**
 * A call of the log. Kept as text, and read when it is asked for: ten thousand of them as objects are most of
 * what a garbage collection has to visit, and what nobody follows need not be read at all.
 */
export class KeptCall {
  readonly logged: LoggedCall;
  #brief: CallView | null = null;
  #whole: CallView | null = null;
  #keys: readonly string[] | null = null;

  constructor(logged: LoggedCall) {
    this.logged = logged;
  }

  /** Without its surroundings, or with them. */
  get brief(): CallView {
    if (this.#brief) return this.#brief;
    const brief: CallView = JSON.parse(this.logged.text);
    const oldest = atHand[next];
    if (oldest) oldest.#brief = oldest.#whole = null;
    atHand[next] = this;
    next = (next + 1) % AT_HAND;
    this.#keys ??= Object.keys(brief.userData ?? {});
    this.#brief = brief;
    return brief;
  }

  /** All of it. */
  get call(): CallView {
    const { surroundings } = this.logged;
    if (!surroundings) return this.brief;
    this.#whole ??= withSurroundings(this.brief, JSON.parse(surroundings));
    return this.#whole;
  }

  /** Of its user data. */
  get keys(): readonly string[] {
    return this.#keys ?? Object.keys(this.brief.userData ?? {});
  }

  /** The same call with other user data. */
  with(userData: JsonObject | null): KeptCall {
    return new KeptCall({ ...this.logged, text: JSON.stringify({ ...this.brief, userData }) });
  }
}

function withSurroundings(brief: CallView, { extensions, ...parts }: Surroundings): CallView {
  const participants = brief.participants?.map((participant) => ({
    ...participant,
    extension: extensions[participant.sequence] ?? null,
  }));
  return { ...brief, ...parts, ...(participants && { participants }) };
}
