const MOST_KNOWN = 20_000;
/** More requests of one phone are never under way. */
const MOST_REQUESTS = 64;

interface Known {
  /** Microseconds of the newest word about it. */
  at: number;
  isEnded: boolean;
  isCancelled: boolean;
  /** The last requests by which something was pressed. */
  requests: readonly string[];
}

/** What was heard of the calls of one run: enough to tell what is news, and a call that is over from one that never was. */
export class KnownCalls {
  readonly #calls = new Map<string, Known>();
  #epoch = '';

  /** Forgets the calls of another run. */
  enter(epoch: string): void {
    if (epoch === this.#epoch) return;
    this.#epoch = epoch;
    this.#calls.clear();
  }

  /** Whether it was ever heard of. */
  has(nativeId: string): boolean {
    return this.#calls.has(nativeId);
  }

  /** Takes note of a listed call. */
  list(nativeId: string): void {
    this.#get(nativeId);
  }

  /** Takes note of a word about a call; false when a newer one, or its end, has come before. */
  hear(nativeId: string, at: number, isEnd: boolean): boolean {
    const known = this.#get(nativeId);
    if (known.isEnded || (at < known.at && !isEnd)) return false;
    known.at = at;
    known.isEnded = isEnd;
    return true;
  }

  /** Takes note of a request by which something was pressed; false when it was told before, or the call is over. */
  press(nativeId: string, request: string): boolean {
    const known = this.#get(nativeId);
    if (known.isEnded || known.requests.includes(request)) return false;
    known.requests = [...known.requests, request].slice(-MOST_REQUESTS);
    return true;
  }

  /** The call rings, and is about to be cancelled on our word. */
  cancel(nativeId: string): void {
    this.#get(nativeId).isCancelled = true;
  }

  isCancelled(nativeId: string): boolean {
    return this.#calls.get(nativeId)?.isCancelled === true;
  }

  #get(nativeId: string): Known {
    const known = this.#calls.get(nativeId) ?? {
      at: 0,
      isEnded: false,
      isCancelled: false,
      requests: [],
    };
    if (this.#calls.has(nativeId)) return known;
    this.#calls.set(nativeId, known);
    const [oldest] = this.#calls.keys();
    if (this.#calls.size > MOST_KNOWN && oldest !== undefined) this.#calls.delete(oldest);
    return known;
  }
}
