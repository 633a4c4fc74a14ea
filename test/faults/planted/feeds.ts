import type { Feed, FeedMessage, FeedRequest, Receiver } from '../../../src/feed/feed.ts';
import { decodePosition, encodePosition } from '../../../src/feed/position.ts';
import { readFeed } from '../../../src/feed/reader.ts';
import type { Fault } from './fault.ts';

type FeedFault = Fault<(feed: Feed) => Feed>;

/** The feed with other requests or receivers than were given. */
function tampered(
  feed: Feed,
  tamper: (
    request: FeedRequest,
    receiver: Receiver,
  ) => Promise<readonly [FeedRequest, Receiver]> | readonly [FeedRequest, Receiver],
): Feed {
  const follow: Feed['follow'] = async (request, receiver) =>
    feed.follow(...(await tamper(request, receiver)));
  return {
    ...{ head: feed.head, wake: feed.wake, trouble: feed.trouble, detour: feed.detour, follow },
    read: (request) => readFeed(follow, request),
    [Symbol.asyncDispose]: () => feed[Symbol.asyncDispose](),
  };
}

/** Whoever comes back is told from its position on instead of after it. */
const positionNotMovedOn = (feed: Feed) =>
  tampered(feed, (request, receiver) => {
    const at = request.after ? decodePosition(request.after) : null;
    const isOfChange = at !== null && at.id > 0n;
    const after = isOfChange ? encodePosition({ ...at, id: at.id - 1n }) : request.after;
    return [{ ...request, after: after ?? null }, receiver];
  });

/** Whoever cannot take a message at once never gets it. */
const slowReaderSkips = (feed: Feed) =>
  tampered(feed, (request, receiver) => {
    const push = (message: FeedMessage) => receiver.push(message) || message.type === 'CHANGE';
    return [request, { ...receiver, push }];
  });

/** A user sees what the whole organization does. */
const ownerForgotten = (feed: Feed) =>
  tampered(feed, (request, receiver) => [
    { ...request, visibility: { ...request.visibility, ownerId: null } },
    receiver,
  ]);

/** Whoever comes back goes on from now. */
const resumesFromNow = (feed: Feed) =>
  tampered(feed, async (request, receiver) => [
    { ...request, after: request.after ? await feed.head() : null },
    receiver,
  ]);

/** A filter on states takes deletions for something else. */
const statesHideDeletions = (feed: Feed) =>
  tampered(feed, (request, receiver) => {
    const hides = (message: FeedMessage) =>
      Boolean(request.filter?.states) && message.type === 'CHANGE' && message.change.call === null;
    const push = (message: FeedMessage) => hides(message) || receiver.push(message);
    const accept = async (message: FeedMessage) =>
      hides(message) ? undefined : receiver.accept(message);
    return [request, { push, accept }];
  });

/** The bookmark that ends a snapshot never comes. */
const droppedBookmark = (feed: Feed) =>
  tampered(feed, (request, receiver) => {
    const hides = (message: FeedMessage) => message.type === 'BOOKMARK';
    const push = (message: FeedMessage) => hides(message) || receiver.push(message);
    const accept = async (message: FeedMessage) =>
      hides(message) ? undefined : receiver.accept(message);
    return [request, { push, accept }];
  });

/** Faults of what becomes of what was read. */
export const FEED_FAULTS = {
  'position-not-moved-on': { shows: 'DOUBLED', seed: 1, plant: positionNotMovedOn },
  'slow-reader-skips': { shows: 'LOST', seed: 1, plant: slowReaderSkips },
  'owner-forgotten': { shows: 'FOREIGN', seed: 1, plant: ownerForgotten },
  'resumes-from-now': { shows: 'LOST', seed: 1, plant: resumesFromNow },
  'dropped-bookmark': { shows: 'NO_SNAPSHOT', seed: 1, plant: droppedBookmark },
  'states-hide-deletions': { shows: 'LOST', seed: 3, plant: statesHideDeletions },
} as const satisfies Record<string, FeedFault>;
