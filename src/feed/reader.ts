import type { Visibility } from '../model/visibility.ts';
import type { Change, ChangeFilter, FeedMessage, FeedRequest, GapReason } from './feed.ts';
import { type Batch, type Log, later } from './log.ts';
import {
  comparePositions,
  decodePosition,
  encodePosition,
  type Position,
  snapshotPosition,
} from './position.ts';
import type { Tail } from './tail.ts';

interface Sources {
  readonly log: Log;
  readonly tail: Tail;
  readonly bookmarkMs: number;
}

/** What a reader must remember from one message to the next. */
interface Progress {
  at: Position;
  /** Versions that the snapshot had, and the transaction from which on it cannot have had any. */
  seen: { readonly versions: ReadonlyMap<string, number>; readonly xmax: bigint } | null;
}

/** Reads the feed as one subscriber: from memory where it reaches, else from the log. */
export async function* readFeed(
  sources: Sources,
  request: FeedRequest,
): AsyncGenerator<FeedMessage, void, undefined> {
  const { signal } = request;
  const progress: Progress = { at: { epoch: '', xid: 0n, id: 0n }, seen: null };
  const resumed = request.after ? decodePosition(request.after) : null;
  if (resumed) progress.at = resumed;
  else yield* snapshot(sources, request, progress);
  const silence = createSilence(sources.bookmarkMs);
  while (!signal.aborted) {
    const found = sources.tail.since(progress.at) ?? (await sources.log.after(progress.at));
    const gap = gapOf(progress.at, found);
    if (gap) {
      yield gap;
      yield* snapshot(sources, request, progress);
      continue;
    }
    for (const change of changesOf(found, request, progress)) {
      silence.broken();
      yield change;
    }
    if (signal.aborted) return;
    progress.at = later(progress.at, found.head);
    if (silence.tooLong()) {
      silence.broken();
      yield { type: 'BOOKMARK', position: encodePosition(progress.at) };
    }
    await sources.tail.advanced(progress.at, signal, silence.left());
  }
}

/** What of a batch is for this reader; each is dealt with before the next is looked at. */
function* changesOf({ entries }: Batch, request: FeedRequest, progress: Progress) {
  for (const { at, change } of entries) {
    if (request.signal.aborted) return;
    progress.at = at;
    if (!concerns(change, request) || wasInSnapshot(progress, change)) continue;
    yield { type: 'CHANGE', change, position: encodePosition(at) } as const;
  }
}

async function* snapshot({ log }: Sources, request: FeedRequest, progress: Progress) {
  const { calls, head, xmax } = await log.live(request.visibility, request.filter ?? {});
  const position = snapshotPosition(head.epoch);
  for (const call of calls) {
    if (request.signal.aborted) return;
    yield { type: 'SNAPSHOT', call, position } as const;
  }
  progress.at = head;
  progress.seen = { versions: new Map(calls.map(({ id, version }) => [id, version])), xmax };
  yield { type: 'BOOKMARK', position: encodePosition(head) } as const;
}

/** Says that entries after this position cannot be had, or null. */
function gapOf(at: Position, { head, oldest }: Batch) {
  const reason = oldest && reasonOf(at, head, oldest);
  if (!oldest || !reason) return null;
  const oldestPosition = encodePosition(oldest);
  const position = snapshotPosition(head.epoch);
  return { type: 'GAP', reason, oldestPosition, position } as const;
}

function reasonOf(at: Position, head: Position, oldest: Position): GapReason | null {
  if (at.epoch !== head.epoch || at.xid > head.xid) return 'EPOCH';
  return comparePositions(at, oldest) < 0 ? 'RETENTION' : null;
}

/** A change committed before the snapshot, but above its horizon, comes again from the log. */
function wasInSnapshot(progress: Progress, change: Change): boolean {
  if (progress.seen && progress.at.xid >= progress.seen.xmax) progress.seen = null;
  return (progress.seen?.versions.get(change.callId) ?? 0) >= change.version;
}

function concerns(change: Change, { visibility, filter = {} }: FeedRequest): boolean {
  return isVisible(change, visibility) && matches(change, filter);
}

function isVisible(change: Change, { organizationId, ownerId }: Visibility): boolean {
  if (organizationId !== null && change.organizationId !== organizationId) return false;
  return ownerId === null || change.ownerIds.includes(ownerId);
}

function matches(change: Change, { extensionIds, callIds, kinds, states }: ChangeFilter): boolean {
  if (callIds && !callIds.includes(change.callId)) return false;
  if (kinds && !kinds.includes(change.kind)) return false;
  if (extensionIds && !extensionIds.some((id) => change.extensionIds.includes(id))) return false;
  // A tombstone has no state, and whoever followed the call must learn that it is gone.
  return !states || change.call === null || states.includes(change.call.state);
}

/** Watches how long nothing was said, so that a client's position never grows old. */
function createSilence(longestMs: number) {
  let since = Date.now();
  return {
    broken: () => {
      since = Date.now();
    },
    tooLong: () => Date.now() - since >= longestMs,
    left: () => Math.max(1, since + longestMs - Date.now()),
  };
}
