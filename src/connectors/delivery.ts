import { isEnded } from '../model/call.ts';
import type { KeyPress, LiveCalls, SwitchCall } from './connector.ts';
import { addPress, type HeardPress } from './heard-press.ts';
import { createLanes } from './lanes.ts';
import { Unlisted, type Word } from './unlisted.ts';

const MOST_PENDING = 10_000;
/** Words about different calls that are handed over at once: a share of the store's connections. */
const WIDTH = 4;
const TOO_LATE = 'A fresher list will come';

/** Who takes what a switch says: of each call one word at a time, in order; a list alone. */
export interface DeliveryHandlers {
  /** A call is new or has changed. */
  onCall(call: SwitchCall): Promise<void>;
  /**
   * Digits were pressed in a call, which is as it was then. Without this nobody keeps them.
   * @param isAgain they may have been taken before, although the handler failed.
   */
  onPressed?(call: SwitchCall, presses: readonly HeardPress[], isAgain: boolean): Promise<void>;
  /** Native ids of listed calls that are known as they are listed: they are not looked at while events wait. */
  unchangedOf?(live: LiveCalls): Promise<ReadonlySet<string>>;
  /** These live, and no others; of those in `meanwhile` newer things are known, or the same. */
  onResync(live: LiveCalls, meanwhile: ReadonlySet<string>): Promise<void>;
  /** A handler rejected, or is too far behind. */
  onFault(error: unknown): void;
  /** While handlers failed, more was said than is kept: this is lost. @param isFirst since a list was taken. */
  onLost(call: SwitchCall, isFirst: boolean): void;
}

/**
 * Hands a switch's words to the handlers, those about one call in order. When a handler fails, what is still
 * to come is dropped, because a fresh list will say it again; what no list says is kept.
 */
export class Delivery {
  readonly #handlers: DeliveryHandlers;
  readonly #queue = createLanes(WIDTH);
  readonly #unlisted = new Unlisted();
  #hasLost = false;
  /** What was pressed last in a call, while it waits and nothing else was said of the call: more of it goes along. */
  readonly #growing = new Map<string, HeardPress[]>();
  /** From one list to the next; aborted when that is needed before its time. */
  #round = new AbortController();
  #held: Word[] | null = null;
  /** A list with what is known. */
  #comparing: Promise<unknown> = Promise.resolve();
  #isOver = false;
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
    if (!this.#held && !this.#round.signal.aborted) this.#toldOf?.add(call.nativeId);
    this.#hear({ call, presses: null });
  }

  /** Takes what was pressed. */
  pressed(call: SwitchCall, press: KeyPress): void {
    if (!this.#handlers.onPressed) return;
    const heard = { ...press, heardAt: performance.now() };
    const growing = this.#growing.get(call.nativeId);
    if (growing) addPress(growing, heard);
    else this.#hear({ call, presses: [heard] });
  }

  /** Hands over a list, then what was held back. Rejects when the list was not taken. */
  async resync(live: LiveCalls): Promise<void> {
    const round = this.#round;
    const unchanged = this.#held ? null : await this.#compare(live, round);
    if (round !== this.#round || this.#isOver) throw new Error(TOO_LATE);
    const held = this.#held ?? [];
    this.#held = null;
    const meanwhile = new Set([...(this.#toldOf ?? []), ...(unchanged ?? [])]);
    this.#toldOf = null;
    const ends = held.filter(({ call, presses }) => !presses && isEnded(call));
    const ended = new Set(ends.map(({ call }) => call.nativeId));
    const done = this.#queue.addAlone(async () => {
      for (const word of held) if (ended.has(word.call.nativeId)) this.#keep(word);
      await this.#takeOver(live, meanwhile, round);
    });
    for (const word of held) if (!ended.has(word.call.nativeId)) this.#enqueue(word, round);
    this.#listed.resolve();
    return done;
  }

  /** There will be no list: what was held back goes its ordinary way. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const word of held) this.#enqueue(word, this.#round);
    this.#listed.resolve();
  }

  /** Resolves when all is handed over, for good: a list that is still being compared is not taken any more. */
  async end(): Promise<void> {
    this.#isOver = true;
    await this.#comparing;
    await this.#queue.idle();
  }

  /** Resolves when all that was said so far is handed over, what waits for a list included. */
  async settled(): Promise<void> {
    if (this.#held) await this.#listed.promise;
    await this.#queue.idle();
  }

  #hear(word: Word): void {
    const round = this.#round;
    if (round.signal.aborted) {
      // Behind what was said of the call before, which may be kept, too.
      if (this.#queue.size < MOST_PENDING) this.#enqueue(word, round);
      else this.#keep(word);
      return;
    }
    if (this.#held) this.#held.push(word);
    else this.#enqueue(word, round);
    if (this.#queue.size + (this.#held?.length ?? 0) <= MOST_PENDING) return;
    this.release();
    this.#fail(round, new Error(`The handlers are ${MOST_PENDING} events behind`));
  }

  #enqueue(word: Word, round: AbortController): void {
    const { call, presses } = word;
    if (presses) this.#growing.set(call.nativeId, presses);
    else this.#growing.delete(call.nativeId);
    // A consultation and what it is about go one way; the job itself never rejects.
    void this.#queue.add(call.consultOf ?? call.nativeId, async () => {
      if (this.#growing.get(call.nativeId) === presses) this.#growing.delete(call.nativeId);
      if (round.signal.aborted) return this.#keep(word);
      try {
        await this.#handOver(word, false);
      } catch (error) {
        this.#keep(word);
        this.#fail(round, error);
      }
    });
  }

  async #handOver({ call, presses }: Word, isAgain: boolean): Promise<void> {
    if (presses) await this.#handlers.onPressed?.(call, presses, isAgain);
    else await this.#handlers.onCall(call);
  }

  async #compare(live: LiveCalls, round: AbortController) {
    const compared = this.#handlers.unchangedOf?.(live);
    this.#comparing = Promise.allSettled([compared]);
    try {
      return await compared;
    } catch (error) {
      this.#fail(round, error);
      throw error;
    }
  }

  /** Ends go first: a call that ended while the list was made would else pass for a lost one. */
  async #takeOver(
    live: LiveCalls,
    meanwhile: ReadonlySet<string>,
    round: AbortController,
  ): Promise<void> {
    if (round.signal.aborted || round !== this.#round) throw new Error(TOO_LATE);
    try {
      await this.#unlisted.handOver((word) => this.#handOver(word, true));
      await this.#handlers.onResync(live, meanwhile);
      this.#unlisted.dropHopeless();
      this.#hasLost = false;
    } catch (error) {
      this.#fail(round, error);
      throw error;
    }
  }

  #keep(word: Word): void {
    if (this.#unlisted.add(word)) return;
    this.#handlers.onLost(word.call, !this.#hasLost);
    this.#hasLost = true;
  }

  #fail(round: AbortController, error: unknown): void {
    round.abort();
    this.#handlers.onFault(error);
  }
}
