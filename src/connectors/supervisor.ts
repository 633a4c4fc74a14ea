import type { LinkReport, LinkState } from '../model/link.ts';
import { type Backoff, createBackoff } from './backoff.ts';
import { type Clock, systemClock } from './clock.ts';
import { type PassThrough, wrapCommands } from './command-wrapper.ts';
import {
  type Capability,
  type KeyPress,
  type LiveCalls,
  type SwitchCall,
  type SwitchCommands,
  type SwitchConnector,
  SwitchError,
  type SwitchEvents,
} from './connector.ts';
import { Delivery, type DeliveryHandlers } from './delivery.ts';
import { Keypads } from './keypads.ts';
import { openSupervisedLink, type SupervisedLink } from './supervised-link.ts';
import { pause, unlessAborted, withDeadline } from './waiting.ts';

/** What to supervise, and who takes what comes of it. */
export interface SupervisorOptions extends Omit<DeliveryHandlers, 'onFault' | 'onLost'> {
  /** The connector's id in the configuration. */
  readonly id: string;
  readonly connector: SwitchConnector;
  /** A handler rejected; a fresh list follows until one is taken. Must not throw. */
  readonly onFault?: (error: unknown) => void;
  /** More is pressed in a call than anybody can press: it is not taken. Must not throw. */
  readonly onTooMuchPressed?: (call: SwitchCall, isFirst: boolean) => void;
  /** More was said than is kept while handlers reject: this is lost. Must not throw. */
  readonly onLost?: (call: SwitchCall, isFirst: boolean) => void;
  /** The link has another state, or another reason why it is not UP. Must not throw. */
  readonly onLink?: (link: LinkState, lastError: string | null) => void;
  /** Defaults to the machine's time. */
  readonly clock?: Clock;
  /** How long after one list the next is asked for; default 30 s. */
  readonly resyncEveryMs?: number;
  /** How long the switch may take for any answer; default 5 s. */
  readonly commandTimeoutMs?: number;
  /** How long it may take for that to a hang-up, from its turn on; default 5 s. */
  readonly hangupTimeoutMs?: number;
  /** How long a list that is asked for before its time may take until it is handed over; default 10 s. */
  readonly resyncTimeoutMs?: number;
  /** The chance in the back-off, from 0 to 1; defaults to Math.random. */
  readonly random?: () => number;
}

/** A switch to which there is always a link, or the next try of one. */
export interface Supervised extends LinkReport, AsyncDisposable {
  readonly id: string;
  /** The connector's kind. */
  readonly kind: string;
  readonly capabilities: ReadonlySet<Capability>;
  /** Reject with LINK_DOWN when there is no link, with TIMEOUT when the answer does not come in time. */
  readonly commands: SwitchCommands;
  /** The same, except that none is given once it may not be: LINK_DOWN. Asked at the last moment. */
  commandsWhile(may: () => boolean): SwitchCommands;
  /** Asks the switch for all that lives now; rejects as the commands do. */
  list(): Promise<LiveCalls>;
  /** Takes a fresh list before its time and resolves when it is handed over; rejects as the commands do. */
  resync(): Promise<void>;
  /** Resolves when all that the switch has said so far is handed over. */
  settled(): Promise<void>;
}

/** So many lists in a row that are not taken are no accident. */
const MOST_REFUSED = 3;

/** What not everybody has. */
type Extra = 'onPressed' | 'unchangedOf';
type Settings = Required<Omit<SupervisorOptions, Extra>> & Pick<SupervisorOptions, Extra>;

/** Keeps a link to the switch, hands over what it says, and starts at once. */
export function superviseSwitch(options: SupervisorOptions): Supervised {
  return new Supervisor({
    onFault: () => {},
    onTooMuchPressed: () => {},
    onLost: () => {},
    onLink: () => {},
    clock: systemClock,
    resyncEveryMs: 30_000,
    commandTimeoutMs: 5_000,
    hangupTimeoutMs: 5_000,
    resyncTimeoutMs: 10_000,
    random: Math.random,
    ...options,
  });
}

class Supervisor implements Supervised {
  readonly commands: SwitchCommands;
  readonly #settings: Settings;
  readonly #delivery: Delivery;
  readonly #keypads = new Keypads();
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;
  #link: LinkState = 'CONNECTING';
  #since: Date;
  #lastError: string | null = null;
  #current: SupervisedLink | null = null;
  /** Who waits for a list that is taken; the signal cuts the pause before it short. */
  #wanted: PromiseWithResolvers<void>[] = [];
  #early = new AbortController();

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#since = settings.clock.now();
    this.#delivery = new Delivery(settings);
    this.commands = this.commandsWhile(() => true);
    this.#running = this.#run();
  }

  get id() {
    return this.#settings.id;
  }
  get kind() {
    return this.#settings.connector.kind;
  }
  get capabilities() {
    return this.#settings.connector.capabilities;
  }
  get link() {
    return this.#link;
  }
  get since() {
    return this.#since;
  }
  get lastError() {
    return this.#lastError;
  }

  commandsWhile(may: () => boolean): SwitchCommands {
    const pass: PassThrough = async (command) => command(this.#linkNow().commandsWhile(may));
    return wrapCommands(pass);
  }

  async list(): Promise<LiveCalls> {
    return this.#linkNow().list();
  }

  async resync(): Promise<void> {
    this.#linkNow();
    const taken = Promise.withResolvers<void>();
    this.#wanted.push(taken);
    this.#early.abort();
    const { clock, resyncTimeoutMs: ms } = this.#settings;
    const late = () => new SwitchError('TIMEOUT', `No list was taken in ${ms} ms`);
    return withDeadline(clock, ms, taken.promise, late);
  }

  settled(): Promise<void> {
    return this.#delivery.settled();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    await this.#delivery.end();
    this.#become('STOPPED');
  }

  async #run(): Promise<void> {
    const { clock, random } = this.#settings;
    const stopping = this.#stopping.signal;
    const backoff = createBackoff(random);
    while (!stopping.aborted) {
      const error: unknown = await this.#attend(backoff).catch((reason: unknown) => reason);
      this.#delivery.release();
      if (stopping.aborted) return;
      // However often it is tried: since when there is none is what an operator asks.
      this.#become('DOWN', error instanceof Error ? error.message : String(error));
      await pause(clock, backoff.next(), stopping);
    }
  }

  /** One link from its opening to its end; rejects with what ended it. */
  async #attend(backoff: Backoff): Promise<never> {
    const { connector, clock, commandTimeoutMs: timeoutMs, hangupTimeoutMs } = this.#settings;
    const signal = this.#stopping.signal;
    // Begun before connecting, because events may flow before the link is known here.
    const stale = this.#delivery.begin(true);
    const events: SwitchEvents = {
      call: (call) => this.#delivery.event(call),
      pressed: (call, press) => this.#press(call, press),
    };
    const opening = { connector, events, clock, timeoutMs, hangupTimeoutMs, signal };
    await using link = await openSupervisedLink(opening);
    this.#current = link;
    try {
      return await this.#keepInStep(link, stale, backoff);
    } finally {
      this.#current = null;
      const down = new SwitchError('LINK_DOWN', `The link to ${this.id} is gone`);
      for (const waiting of this.#wanted.splice(0)) waiting.reject(down);
    }
  }

  #press(call: SwitchCall, press: KeyPress): void {
    const { clock, onPressed, onTooMuchPressed } = this.#settings;
    if (!onPressed) return;
    const now = clock.now().getTime();
    const pressing = this.#keypads.take(call.nativeId, press.digits.length, now);
    if (pressing === 'TAKEN') this.#delivery.pressed(call, press);
    else onTooMuchPressed(call, pressing === 'TOO_MUCH');
  }

  /** Takes list after list: in time, or early when a handler failed. */
  async #keepInStep(link: SupervisedLink, first: AbortSignal, backoff: Backoff): Promise<never> {
    const { clock, resyncEveryMs, random } = this.#settings;
    const over = AbortSignal.any([link.over, this.#stopping.signal]);
    const handlers = createBackoff(random);
    let refused = 0;
    for (let stale = first; ; ) {
      const wanted = this.#wanted.length;
      this.#early = new AbortController();
      const live = await unlessAborted(over, link.list());
      if (await unlessAborted(over, this.#isTaken(live))) {
        refused = 0;
        backoff.reset();
        handlers.reset();
        this.#become('UP');
        for (const waiting of this.#wanted.splice(0, wanted)) waiting.resolve();
        await pause(clock, resyncEveryMs, AbortSignal.any([over, stale, this.#early.signal]));
      } else {
        refused += 1;
        if (refused >= MOST_REFUSED) this.#fallBehind();
      }
      if (stale.aborted) await pause(clock, handlers.next(), over);
      over.throwIfAborted();
      // Who asked for a list is told of all that it says; else nothing is to wait for one.
      stale = this.#delivery.begin(stale.aborted || this.#wanted.length > 0);
    }
  }

  async #isTaken(live: LiveCalls): Promise<boolean> {
    return this.#delivery.resync(live).then(
      () => true,
      () => false,
    );
  }

  /** The switch can be commanded still, but what is known of its calls grows old. */
  #fallBehind(): void {
    const why = 'What lives on the switch cannot be recorded; the log says why.';
    this.#become('CONNECTING', why);
  }

  #linkNow(): SupervisedLink {
    if (this.#current) return this.#current;
    throw new SwitchError('LINK_DOWN', `There is no link to ${this.id}; nothing was done`);
  }

  #become(link: LinkState, lastError: string | null = null): void {
    const isOther = link !== this.#link;
    if (!isOther && lastError === this.#lastError) return;
    this.#link = link;
    this.#lastError = lastError;
    if (isOther) this.#since = this.#settings.clock.now();
    this.#settings.onLink(link, lastError);
  }
}
