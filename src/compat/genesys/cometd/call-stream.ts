import { setTimeout as pause } from 'node:timers/promises';
import type { ResultOf } from 'gql.tada';
import type { CallData, FeedData, FollowCalls } from '../call-documents.ts';
import { consultedAbout, type Viewpoint } from '../call-resource.ts';
import { type CallNotification, Notifier } from './notifications.ts';

/** A message of the feed, and what a user is notified of by it. */
export interface Told {
  readonly position: string;
  readonly notification: CallNotification | null;
  /** The name of a call with which something else can be done by now, for the user consults about it. */
  readonly about: string | null;
}

/** Who is told, and what has been. */
interface Known {
  readonly notifier: Notifier;
  readonly viewpoint: Viewpoint;
}

type Results = AsyncIterator<ResultOf<typeof FollowCalls>>;

/** What was committed together comes together. */
const TOGETHER_MS = 2;

/** The feed of one user's calls, in the words of GWS. */
export class CallStream {
  /** Where it began. */
  readonly position: string;
  readonly #feed: Results;
  readonly #notifier: Notifier;
  readonly #viewpoint: Viewpoint;
  #isSnapshotTold: boolean;
  /** Asked for already. */
  #ahead: Promise<FeedData | null> | null;

  private constructor(feed: Results, known: Known, begin: FeedData, replay: string | null) {
    this.#feed = feed;
    this.#notifier = known.notifier;
    this.#viewpoint = known.viewpoint;
    this.#ahead = Promise.resolve(begin);
    // After a gap snapshots have positions, too: who comes back with one has not heard of them all.
    this.#isSnapshotTold = replay !== null;
    this.position = replay ?? begin.position;
  }

  /** Begins after a position; without one, now: what is up already is known, and not told. */
  static async open(feed: Results, viewpoint: Viewpoint, replay: string | null) {
    const notifier = new Notifier(viewpoint);
    for (;;) {
      const message = await read(feed);
      if (!message) throw new Error('The feed ended at its beginning.');
      const isSnapshot = replay === null && message.__typename === 'CallSnapshot';
      if (!isSnapshot) return new CallStream(feed, { notifier, viewpoint }, message, replay);
      notifier.prime(message.call);
    }
  }

  /** The next message; null when the feed has ended. */
  async next(): Promise<Told | null> {
    const message = await this.#take();
    if (!message) return null;
    const notification = this.#notificationOf(message);
    const position = notification ? await this.#endOf(message) : message.position;
    return { position, notification, about: this.#aboutOf(message, notification) };
  }

  /** What is to be told of a call as it stands, besides what the feed brings; null for nothing. */
  refreshed(call: CallData): CallNotification | null {
    return this.#notifier.refreshed(call);
  }

  #aboutOf(message: FeedData, notification: CallNotification | null): string | null {
    const isOfState = notification?.notificationType === 'StatusChange';
    return isOfState && 'call' in message ? consultedAbout(message.call, this.#viewpoint) : null;
  }

  /**
   * Several entries of the log may be one change to GWS: the position is that of the last. Else who comes back after
   * a crash with the first one's would be told again what the rest says.
   */
  async #endOf({ position }: FeedData): Promise<string> {
    let end = position;
    for (;;) {
      const next = await Promise.race([this.#peek(), pause(TOGETHER_MS, null)]);
      if (next?.__typename !== 'CallChanged' || !this.#notifier.isSilent(next)) return end;
      end = next.position;
      await this.#take();
    }
  }

  #peek(): Promise<FeedData | null> {
    this.#ahead ??= read(this.#feed);
    // Whoever takes it hears of its failure.
    this.#ahead.catch(() => {});
    return this.#ahead;
  }

  async #take(): Promise<FeedData | null> {
    const message = await this.#peek();
    this.#ahead = null;
    return message;
  }

  #notificationOf(message: FeedData): CallNotification | null {
    if (message.__typename === 'CallChanged') return this.#notifier.changed(message);
    // What cannot be replayed is made good for by how things are now.
    if (message.__typename === 'FeedGap') this.#isSnapshotTold = true;
    if (message.__typename !== 'CallSnapshot' || !this.#isSnapshotTold) return null;
    return this.#notifier.changed({ kind: 'STATE', call: message.call });
  }
}

async function read(feed: Results): Promise<FeedData | null> {
  const { done, value } = await feed.next();
  return done ? null : value.callChanges;
}
