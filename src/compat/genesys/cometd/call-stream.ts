import { setTimeout as pause } from 'node:timers/promises';
import type { ResultOf } from 'gql.tada';
import type { CallData, FeedData, FollowCalls } from '../call-documents.ts';
import type { Viewpoint } from '../call-resource.ts';
import { type CallNotification, Notifier } from './notifications.ts';

/** A message of the feed, and what a user is notified of by it. */
export interface Told {
  readonly position: string;
  readonly notification: CallNotification | null;
  /** Calls with which something else may be possible by now: who consults has two that depend on each other. */
  readonly related: readonly string[];
}

type Results = AsyncIterator<ResultOf<typeof FollowCalls>>;

/** Kinds of changes by which something else becomes possible with another call. */
const OF_STATE: readonly string[] = ['STATE', 'PARTICIPANTS'];

/** What was committed together comes together. */
const TOGETHER_MS = 2;

/** The feed of one user's calls, in the words of GWS. */
export class CallStream {
  /** Where it began. */
  readonly position: string;
  readonly #feed: Results;
  readonly #notifier: Notifier;
  #isSnapshotTold: boolean;
  /** Asked for already. */
  #ahead: Promise<FeedData | null> | null;

  private constructor(feed: Results, notifier: Notifier, begin: FeedData, replay: string | null) {
    this.#feed = feed;
    this.#notifier = notifier;
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
      if (!isSnapshot) return new CallStream(feed, notifier, message, replay);
      notifier.prime(message.call);
    }
  }

  /** The next message; null when the feed has ended. */
  async next(): Promise<Told | null> {
    const message = await this.#take();
    if (!message) return null;
    const notification = this.#notificationOf(message);
    const one = notification ? await this.#wholeOf(message) : [message];
    const position = one.at(-1)?.position ?? message.position;
    return { position, notification, related: [...new Set(one.flatMap(relatedTo))] };
  }

  /** Whether the user has been told of the call. */
  knows(id: string): boolean {
    return this.#notifier.knows(id);
  }

  /** What is to be told of a call as it stands, besides what the feed brings; null for nothing. */
  refreshed(call: CallData): CallNotification | null {
    return this.#notifier.refreshed(call);
  }

  /**
   * Several entries of the log may be one change to GWS: the position is that of the last. Else who comes back after
   * a crash with the first one's would be told again what the rest says.
   */
  async #wholeOf(message: FeedData): Promise<readonly FeedData[]> {
    const whole = [message];
    for (;;) {
      const next = await Promise.race([this.#peek(), pause(TOGETHER_MS, null)]);
      if (next?.__typename !== 'CallChanged' || !this.#notifier.isSilent(next)) return whole;
      whole.push(next);
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

/** The call about which this one consults, and those that consult about it; of user data they know nothing. */
function relatedTo(message: FeedData): string[] {
  const isOfState = message.__typename === 'CallChanged' && OF_STATE.includes(message.kind);
  if (!isOfState && message.__typename !== 'CallSnapshot') return [];
  const { parentId, consultationIds } = message.call;
  return parentId === null ? [...consultationIds] : [parentId, ...consultationIds];
}

async function read(feed: Results): Promise<FeedData | null> {
  const { done, value } = await feed.next();
  return done ? null : value.callChanges;
}
