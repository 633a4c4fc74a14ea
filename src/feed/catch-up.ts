import type { CallView } from '../model/call.ts';
import { mayConcern } from './concerned.ts';
import { concerns } from './concerns.ts';
import type { Entry } from './entry.ts';
import type { FeedMessage, FeedRequest, GapReason } from './feed.ts';
import { type Batch, type Log, type Look, later } from './log.ts';
import { namesFor } from './names.ts';
import { patiently } from './patience.ts';
import {
  comparePositions,
  decodePosition,
  encodePosition,
  type Position,
  snapshotPosition,
} from './position.ts';
import { type Seen, wasSeen } from './seen.ts';
import type { Tail } from './tail.ts';

export interface Sources {
  readonly log: Log;
  readonly tail: Tail;
  /** A position is given at least this often. */
  readonly bookmarkMs: number;
}

/** What a reader must remember from one message to the next. */
export interface Progress {
  /** Null asks for a snapshot. */
  at: Position | null;
  /** What the snapshot had, while the log may still bring it. */
  seen: Seen | null;
  /** When it was last told anything; whoever tells it notes that. */
  toldAt: number;
}

/** Where a request begins. Refuses a position that no Tandem ever gave. */
export const startOf = ({ after }: FeedRequest): Progress => ({
  at: after ? decodePosition(after) : null,
  seen: null,
  toldAt: Date.now(),
});

/** Everything from a reader's place to the end of the log: from memory where it reaches, else from the log. */
export async function* catchUp(
  { log, tail, bookmarkMs }: Sources,
  request: FeedRequest,
  progress: Progress,
): AsyncGenerator<FeedMessage, void, undefined> {
  const names = namesFor(request);
  while (!request.signal.aborted) {
    if (!progress.at) yield* snapshot(log, request, progress);
    if (!progress.at || request.signal.aborted) return;
    const kept = tail.since(progress.at, names);
    const found = kept ?? (await readOn(log, progress.at, request));
    const gap = gapOf(progress.at, found);
    if (gap) {
      progress.at = null;
      yield gap;
      continue;
    }
    const entries = kept ? kept.entries : mayConcern(found.entries, names);
    yield* changesOf(entries, request, progress);
    if (request.signal.aborted) return;
    progress.at = later(progress.at, found.head);
    if (found.entries.length === 0) return;
    yield* reminder(progress, progress.at, bookmarkMs);
  }
}

/** What was changed so far need not come this way again, even if none of it was for this reader. */
export function* reminder(progress: Progress, at: Position, bookmarkMs: number) {
  if (Date.now() - progress.toldAt < bookmarkMs) return;
  yield { type: 'BOOKMARK', position: encodePosition(at) } as const;
}

/** What of a batch is for this reader; each is dealt with before the next is looked at. */
function* changesOf(entries: readonly Entry[], request: FeedRequest, progress: Progress) {
  for (const { at, message } of entries) {
    if (request.signal.aborted) return;
    progress.at = at;
    const { change } = message;
    if (!concerns(change, request) || (progress.seen && wasSeen(progress.seen, change))) continue;
    yield message;
  }
}

const readOn = (log: Log, at: Position, { signal }: FeedRequest) =>
  patiently(() => log.after(at), signal);

/** What is live, a page at a time: changes since the first page follow, but for what a later page had already. */
async function* snapshot(log: Log, request: FeedRequest, progress: Progress) {
  const { visibility, filter = {}, signal } = request;
  const versions = new Map<string, number>();
  let last: CallView | undefined;
  let head: Position | undefined;
  while (!signal.aborted) {
    const page = await patiently(() => log.live(visibility, filter, last), signal);
    // A database that was restored meanwhile begins anew: its first change is a gap.
    head ??= page.head;
    const position = snapshotPosition(head.epoch);
    for (const call of page.calls) {
      if (signal.aborted) return;
      versions.set(call.id, call.version);
      yield { type: 'SNAPSHOT', call, position } as const;
    }
    last = page.calls.at(-1);
    if (!page.isLast) continue;
    progress.at = head;
    progress.seen = { versions, xmax: page.xmax };
    yield { type: 'BOOKMARK', position: encodePosition(head) } as const;
    return;
  }
}

/** Says that entries after this position cannot be had, or null. */
function gapOf(at: Position, found: Batch | Look) {
  if (!('end' in found)) return null;
  const reason = reasonOf(at, found);
  if (!reason) return null;
  const oldestPosition = encodePosition(found.oldest);
  const position = snapshotPosition(found.head.epoch);
  return { type: 'GAP', reason, oldestPosition, position } as const;
}

function reasonOf(at: Position, { end, future, oldest }: Look): GapReason | null {
  if (at.epoch !== end.epoch || at.xid >= future) return 'EPOCH';
  return comparePositions(at, oldest) < 0 ? 'RETENTION' : null;
}
