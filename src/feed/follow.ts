import { catchUp, type Progress, reminder, type Sources, startOf } from './catch-up.ts';
import type { FeedMessage, FeedRequest, Receiver } from './feed.ts';
import type { Hub } from './hub.ts';
import { encodePosition, type Position } from './position.ts';
import { withoutSeen } from './seen.ts';

/** How long a follower that is ahead of what this process knows waits for it. */
const SOON_MS = 25;

/** Tells the feed to one receiver until the signal: by the hub while it keeps up, else by reading. */
export async function followFeed(
  sources: Sources & { readonly hub: Hub },
  request: FeedRequest,
  receiver: Receiver,
): Promise<void> {
  try {
    await follow(sources, request, receiver);
  } catch (error) {
    // Whoever has left is not waiting for what was being asked.
    if (!request.signal.aborted) throw error;
  }
}

async function follow(
  sources: Sources & { readonly hub: Hub },
  request: FeedRequest,
  receiver: Receiver,
): Promise<void> {
  const { hub } = sources;
  const { signal } = request;
  const progress = startOf(request);
  // A snapshot has a bookmark of its own.
  let isReplay = progress.at !== null;
  const tell = async (message: FeedMessage) => {
    await receiver.accept(message);
    progress.toldAt = Date.now();
  };
  while (!signal.aborted) {
    for await (const message of catchUp(sources, request, progress)) await tell(message);
    if (!progress.at || signal.aborted) return;
    if (isReplay) await tell(bookmarkAt(progress.at));
    isReplay = false;
    const quick = progress.seen ? withoutSeen(progress, hub.toldBelow, receiver) : receiver;
    const told = hub.join(request, progress, quick);
    if (told) progress.at = await told;
    else await waitOutside(sources, request, progress, tell);
  }
}

/** Who has read beyond what this process knows cannot join; erasure may leave it there until a transaction ends. */
async function waitOutside(
  { tail, bookmarkMs }: Sources,
  { signal }: FeedRequest,
  progress: Progress,
  tell: (message: FeedMessage) => Promise<void>,
) {
  const { at } = progress;
  if (!at) return;
  for (const message of reminder(progress, at, bookmarkMs)) await tell(message);
  tail.wake();
  await tail.advanced(at, signal, SOON_MS);
}

const bookmarkAt = (at: Position): FeedMessage => ({
  ...{ type: 'BOOKMARK', position: encodePosition(at) },
});
