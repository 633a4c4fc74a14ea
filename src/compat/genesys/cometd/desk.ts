import { addAbortListener } from 'node:events';
import type { ServerMessage, ServerSession } from 'cometd-nodejs-server';
import { nameIn } from '../../../model/identifiers.ts';
import { FollowCalls, GetCall } from '../call-documents.ts';
import type { Viewpoint } from '../call-resource.ts';
import { agentNotifications } from './agent-notifications.ts';
import { CallStream, type Told } from './call-stream.ts';
import { CALLS, CHANNELS, CONNECT, DEVICES, HANDSHAKE, takes } from './channels.ts';
import { endSession } from './end-session.ts';
import type { Caller, CometdHost } from './host.ts';
import { inOrder } from './in-order.ts';
import { connectionTypes } from './jsonp.ts';
import { countWaiting, type Waiting } from './waiting.ts';
import { createWake } from './wake.ts';

interface Opening {
  readonly session: ServerSession;
  readonly caller: Caller;
  readonly viewpoint: Viewpoint;
  readonly host: CometdHost;
  /** The position after which the client wants everything; null begins now. */
  readonly replay: string | null;
}

/** One desktop's end: brings what the feed tells of its user's calls into its session, in order, as fast as it takes it. */
export class Desk {
  readonly userId: string;
  readonly #opening: Opening;
  readonly #calls: CallStream;
  readonly #closing: AbortController;
  readonly #wake = createWake();
  readonly #releases: (() => void)[] = [];
  readonly #places = new WeakMap<object, string>();
  readonly #waiting: Waiting;
  #position: string;
  #isAway = false;

  private constructor(opening: Opening, closing: AbortController, calls: CallStream) {
    this.userId = opening.caller.userId;
    this.#opening = opening;
    this.#closing = closing;
    this.#calls = calls;
    this.#position = calls.position;
    opening.session.addExtension({
      outgoing: (_sender, _session, message, pass) => pass(undefined, this.#stamped(message)),
    });
    this.#waiting = countWaiting(opening.session, this.#wake.ring);
    opening.session.addListener('removed', () => this.close());
  }

  /** Takes its place in the feed: what happens from then on will be delivered. Throws when it cannot be had. */
  static async open(opening: Opening): Promise<Desk> {
    const { caller, viewpoint, replay } = opening;
    const closing = new AbortController();
    try {
      const feed = caller.follow(FollowCalls, { after: replay }, closing.signal);
      const desk = new Desk(opening, closing, await CallStream.open(feed, viewpoint, replay));
      desk.#watch();
      return desk;
    } catch (error) {
      closing.abort();
      throw error;
    }
  }

  /** The client has subscribed to something, or to less. */
  subscribed(): void {
    this.#wake.ring();
  }

  /** Whether the client's connection is gone: nothing is delivered until it is back. */
  away(isAway: boolean): void {
    this.#isAway = isAway;
    this.#wake.ring();
  }

  close(): void {
    this.#closing.abort();
    for (const release of this.#releases.splice(0)) release();
  }

  #watch(): void {
    const { caller, host, session } = this.#opening;
    const { signal, release } = caller.watch();
    const end = () => endSession(session);
    addAbortListener(signal, end);
    this.#releases.push(release);
    const tell = inOrder(({ hasState }) =>
      this.#tellOfAgent(hasState).catch((error: unknown) => void host.refusalIn(error)),
    );
    this.#releases.push(host.onAgentChange(caller.userId, tell));
    void this.#deliverCalls()
      .catch((error: unknown) => void host.refusalIn(error))
      // It comes back, and with its position misses nothing.
      .finally(() => this.#closing.signal.aborted || end());
  }

  async #deliverCalls(): Promise<void> {
    const { signal } = this.#closing;
    for (;;) {
      const next = await this.#calls.next();
      if (next === null || signal.aborted) return;
      await this.#tell(next);
      if (signal.aborted) return;
      this.#position = next.position;
    }
  }

  async #tell({ notification, related, position }: Told): Promise<void> {
    const news = notification ? [notification] : [];
    if (related.length > 0 && notification) {
      // Who comes back between these messages is told of them once more.
      await this.#deliver(CALLS, notification, this.#position);
      news.pop();
    }
    // Of calls in which others consult there is nothing to tell.
    for (const id of related.filter((one) => notification || this.#calls.knows(one))) {
      const { call } = await this.#opening.caller.execute(GetCall, {
        id: nameIn('GENESYS', { id, identifiers: [] }),
      });
      const refreshed = call && this.#calls.refreshed(call);
      if (refreshed) news.push(refreshed);
    }
    for (const one of news) {
      await this.#deliver(CALLS, one, one === news.at(-1) ? position : this.#position);
    }
  }

  async #tellOfAgent(hasState: boolean): Promise<void> {
    const { caller, viewpoint } = this.#opening;
    const { devices, channels } = await agentNotifications(caller.execute, viewpoint.base);
    if (this.#takes(DEVICES)) await this.#deliver(DEVICES, devices);
    if (hasState && this.#takes(CHANNELS)) await this.#deliver(CHANNELS, channels);
  }

  async #deliver(channel: string, data: object, position?: string): Promise<void> {
    const { signal } = this.#closing;
    const { host, session } = this.#opening;
    const hasRoom = () => this.#takes(channel) && !this.#isAway && !this.#waiting.isFull();
    // What an agent does is told as it is now: whoever has unsubscribed meanwhile holds up no other news of it.
    const isOff = () => position === undefined && channel !== CALLS && !this.#takes(channel);
    await this.#wake.until(() => isOff() || hasRoom(), signal);
    await host.answered(this.userId);
    if (signal.aborted || isOff()) return;
    if (position !== undefined) {
      this.#places.set(data, position);
      // The answer that carries it says so, too.
      this.#position = position;
    }
    session.deliver(null, channel, data);
  }

  #takes(channel: string): boolean {
    return this.#opening.session.subscriptions.some(({ name }) => takes(name, channel));
  }

  /** Every message of a call says where it stands in the feed, as do answers by which nothing comes. */
  #stamped(message: ServerMessage): ServerMessage {
    const isHandshake = message.channel === HANDSHAKE;
    const isPlace = message.channel === CONNECT || isHandshake;
    const place = isPlace ? this.#position : this.#places.get(message.data ?? {});
    return {
      ...message,
      // The library knows only long-polling; the other one is `jsonp.ts`.
      ...(isHandshake && { supportedConnectionTypes: connectionTypes(this.#opening.host) }),
      ...(place !== undefined && { ext: { ...message.ext, replay: place } }),
    };
  }
}
