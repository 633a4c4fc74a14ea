import { concerns } from './concerns.ts';
import type { ChangeMessage, FeedMessage, FeedRequest, GapReason } from './feed.ts';
import { type Batch, type Log, later } from './log.ts';
import { patiently } from './patience.ts';
import {
  comparePositions,
  decodePosition,
  encodePosition,
  type Position,
  snapshotPosition,
} from './position.ts';
import type { Tail } from './tail.ts';

export interface Sources {
  readonly log: Log;
  readonly tail: Tail;
}

/** What a reader must remember from one message to the next. */
export interface Progress {
  /** Null asks for a snapshot. */
  at: Position | null;
  /** Versions that the snapshot had, and the transaction from which on it cannot have had any. */
  seen: { readonly versions: ReadonlyMap<string, number>; readonly xmax: bigint } | null;
}

/** Where a request begins. Refuses a position that no Tandem ever gave. */
export const startOf = ({ after }: FeedRequest): Progress => ({
  at: after ? decodePosition(after) : null,
  seen: null,
});

/** Everything from a reader's place to the end of the log: from memory where it reaches, else from the log. */
export async function* catchUp(
  { log, tail }: Sources,
  request: FeedRequest,
  progress: Progress,
): AsyncGenerator<FeedMessage, void, undefined> {
  while (!request.signal.aborted) {
    if (!progress.at) yield* snapshot(log, request, progress);
    if (!progress.at || request.signal.aborted) return;
    const found = tail.since(progress.at) ?? (await readOn(log, progress.at, request));
    const gap = gapOf(progress.at, found);
    if (gap) {
      progress.at = null;
      yield gap;
      continue;
    }
    yield* changesOf(found, request, progress);
    if (request.signal.aborted) return;
    progress.at = later(progress.at, found.head);
    if (found.entries.length === 0) return;
  }
}

/** What of a batch is for this reader; each is dealt with before the next is looked at. */
function* changesOf({ entries }: Batch, request: FeedRequest, progress: Progress) {
  for (const { at, message } of entries) {
    if (request.signal.aborted) return;
    progress.at = at;
    if (concerns(message.change, request) && !wasInSnapshot(progress, at, message)) yield message;
  }
}

const readOn = (log: Log, at: Position, { signal }: FeedRequest) =>
  patiently(() => log.after(at), signal);

async function* snapshot(log: Log, request: FeedRequest, progress: Progress) {
  const { visibility, filter = {}, signal } = request;
  const { calls, head, xmax } = await patiently(() => log.live(visibility, filter), signal);
  const position = snapshotPosition(head.epoch);
  for (const call of calls) {
    if (signal.aborted) return;
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
function wasInSnapshot({ seen }: Progress, at: Position, { change }: ChangeMessage): boolean {
  if (!seen || at.xid >= seen.xmax) return false;
  return (seen.versions.get(change.callId) ?? 0) >= change.version;
}
