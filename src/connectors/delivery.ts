import { isEnded } from '../model/call.ts';
import type { LiveCalls, SwitchCall } from './connector.ts';
import { Endings } from './endings.ts';
import { createLanes } from './lanes.ts';

const MOST_PENDING = 10_000;
/** Words about different calls that are handed over at once: a share of the store's connections. */
const WIDTH = 4;

/** Who takes what a switch says: of each call one word at a time, in order; a list alone. */
export interface DeliveryHandlers {
  /** A call is new or has changed. */
  onCall(call: SwitchCall): Promise<void>;
  /** These live, and no others but those told of meanwhile. */
  onResync(live: LiveCalls, meanwhile: ReadonlySet<string>): Promise<void>;
  /** A handler rejected, or is too far behind. */
  onFault(error: unknown): void;
}

/**
 * Hands a switch's words to the handlers, those about one call in order. When a handler fails, what is still
 * to come is dropped, because a fresh list will say it again; the ends of calls are kept.
 */
export class Delivery {
  readonly #handlers: DeliveryHandlers;
  readonly #queue = createLanes(WIDTH);
  readonly #endings = new Endings();
  /** From one list to the next; aborted when that is needed before its time. */
  #round = new AbortController();
  #held: SwitchCall[] | null = null;
  /** Native ids of calls that were told of since a list was asked for: it may be older than that. */
  #toldOf: Set<string> | null = null;
  /** Resolved when nothing is held back any more. */
  #listed = Promise.withResolvers<void>();

  constructor(handlers: DeliveryHandlers) {
    this.#handlers = handlers;
  }

  /**
   * A list is asked for. The signal aborts when a fresh one is needed.
   * @param holds whether events wait for the list; else they go on, and the list is not asked about their calls.
   */
  begin(holds: boolean): AbortSignal {
    this.release();
    this.#round = new AbortController();
    this.#toldOf = new Set();
    if (!holds) return this.#round.signal;
    this.#held = [];
    this.#listed = Promise.withResolvers();
    return this.#round.signal;
  }

  /** Takes an event. */
  event(call: SwitchCall): void {
    const round = this.#round;
    if (round.signal.aborted) {
      this.#keepEnding(call);
      return;
    }
    if (this.#held) this.#held.push(call);
    else {
      this.#toldOf?.add(call.nativeId);
      this.#enqueue(call, round);
    }
    if (this.#queue.size + (this.#held?.length ?? 0) <= MOST_PENDING) return;
    this.release();
    this.#fail(round, new Error(`The handlers are ${MOST_PENDING} events behind`));
  }

  /** Hands over a list, then what was held back. Rejects when the list was not taken. */
  resync(live: LiveCalls): Promise<void> {
    const round = this.#round;
    const held = this.#held ?? [];
    this.#held = null;
    const meanwhile = this.#toldOf ?? new Set<string>();
    this.#toldOf = null;
    const ended = new Set(held.filter(isEnded).map((call) => call.nativeId));
    const done = this.#queue.addAlone(async () => {
      for (const call of held) this.#keepEnding(call);
      await this.#takeOver(live, meanwhile, round);
    });
    for (const call of held) if (!ended.has(call.nativeId)) this.#enqueue(call, round);
    this.#listed.resolve();
    return done;
  }

  /** There will be no list: what was held back goes its ordinary way. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const call of held) this.#enqueue(call, this.#round);
    this.#listed.resolve();
  }

  /** Resolves when all is handed over. */
  idle(): Promise<void> {
    return this.#queue.idle();
  }

  /** Resolves when all that was said so far is handed over, what waits for a list included. */
  async settled(): Promise<void> {
    if (this.#held) await this.#listed.promise;
    await this.#queue.idle();
  }

  #enqueue(call: SwitchCall, round: AbortController): void {
    // A consultation and what it is about go one way; the job itself never rejects.
    void this.#queue.add(call.consultOf ?? call.nativeId, async () => {
      if (round.signal.aborted) return this.#keepEnding(call);
      try {
        await this.#handlers.onCall(call);
      } catch (error) {
        this.#keepEnding(call);
        this.#fail(round, error);
      }
    });
  }

  /** Ends go first: a call that ended while the list was made would else pass for a lost one. */
  async #takeOver(
    live: LiveCalls,
    meanwhile: ReadonlySet<string>,
    round: AbortController,
  ): Promise<void> {
    if (round.signal.aborted || round !== this.#round) throw new Error('A fresher list will come');
    try {
      await this.#endings.handOver((call) => this.#handlers.onCall(call));
      await this.#handlers.onResync(live, meanwhile);
      this.#endings.dropHopeless();
    } catch (error) {
      this.#fail(round, error);
      throw error;
    }
  }

  #keepEnding(call: SwitchCall): void {
    if (isEnded(call)) this.#endings.add(call);
  }

  #fail(round: AbortController, error: unknown): void {
    round.abort();
    this.#handlers.onFault(error);
  }
}
