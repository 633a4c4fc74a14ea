/** Neither thumbs nor modems go on faster than this for long; a fax, or a phone that means harm, may. */
const A_SECOND = 25;
/** But a phone may send a number that it has stored all at once. */
const AT_ONCE = 100;
/** The calls in which nothing was pressed for the longest time are forgotten first. */
const MOST_CALLS = 10_000;

interface Keypad {
  /** How much may be pressed now. */
  left: number;
  /** Milliseconds since 1970, when that was so. */
  at: number;
  isRefused: boolean;
}

/** TOO_MUCH is said once of a call, and STILL_TOO_MUCH from then on. */
export type Pressing = 'TAKEN' | 'TOO_MUCH' | 'STILL_TOO_MUCH';

/** How much is pressed in each call of a switch. */
export class Keypads {
  readonly #keypads = new Map<string, Keypad>();

  /** Whether so many digits more are taken in a call, at this moment. */
  take(nativeId: string, digits: number, now: number): Pressing {
    const keypad = this.#keypads.get(nativeId) ?? { left: AT_ONCE, at: now, isRefused: false };
    this.#keypads.delete(nativeId);
    this.#keypads.set(nativeId, keypad);
    const [oldest] = this.#keypads.keys();
    if (this.#keypads.size > MOST_CALLS && oldest !== undefined) this.#keypads.delete(oldest);
    const seconds = Math.max(0, now - keypad.at) / 1000;
    keypad.left = Math.min(AT_ONCE, keypad.left + seconds * A_SECOND);
    keypad.at = now;
    if (keypad.left >= digits) {
      keypad.left -= digits;
      return 'TAKEN';
    }
    const isFirst = !keypad.isRefused;
    keypad.isRefused = true;
    return isFirst ? 'TOO_MUCH' : 'STILL_TOO_MUCH';
  }
}
