import type { SwitchCall } from '../connectors/connector.ts';

/** How many are looked at again with each list: somebody may have got the number meanwhile. */
const LOOKED_AT_AGAIN = 100;
/** Lists that fail for long must not fill the memory. */
const MOST_KNOWN = 100_000;

/**
 * The calls of one switch that no organization was found for. A switch may carry far more of these than of ours, and
 * each list names them all: looking for each one's home every time would hold up what the switch says of ours.
 */
export class HomelessCalls {
  /** What was looked for, by the name of the call; those that were looked at longest ago come first. */
  readonly #known = new Map<string, string>();

  /** Takes note of one; false when that was known. */
  add(call: SwitchCall): boolean {
    const name = nameOf(call);
    const isNew = !this.#known.delete(name);
    this.#known.set(name, numbersOf(call));
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST_KNOWN && oldest !== undefined) this.#known.delete(oldest);
    return isNew;
  }

  /** Whether it is one of them, as far as is known. */
  has(call: SwitchCall): boolean {
    return this.#known.has(nameOf(call));
  }

  /** It has found a home, or has had one. */
  delete(call: SwitchCall): void {
    this.#known.delete(nameOf(call));
  }

  /** The listed calls whose home has to be looked for; forgets those that are not listed. */
  worthALook(calls: readonly SwitchCall[]): SwitchCall[] {
    const listed = new Map(calls.map((call) => [nameOf(call), call]));
    for (const name of this.#known.keys()) if (!listed.has(name)) this.#known.delete(name);
    const due = new Set(this.#known.keys().take(LOOKED_AT_AGAIN));
    return [...listed].flatMap(([name, call]) =>
      due.has(name) || this.#known.get(name) !== numbersOf(call) ? call : [],
    );
  }
}

const nameOf = ({ epoch, nativeId }: SwitchCall) => `${epoch} ${nativeId}`;

const numbersOf = ({ organizationId, parties }: SwitchCall) =>
  JSON.stringify([organizationId, parties.map(({ role, number }) => [role, number])]);
