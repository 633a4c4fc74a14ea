import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FeedRequest, Receiver } from './feed.ts';
import type { Batch } from './log.ts';
import { type Clock, createMembers } from './members.ts';
import { ALL } from './names.ts';
import { comparePositions, encodePosition, type Position } from './position.ts';
import type { Tail } from './tail.ts';

/** How long others on the same thread wait while one change goes to many. */
const SLICE_MS = 20;
const LONGEST_WAIT_MS = 60_000;

/** Up to where somebody was told, and when. */
interface Place extends Clock {
  readonly at: Position | null;
}

/** Tells what comes to everybody who has heard all before. */
export interface Hub extends AsyncDisposable {
  /**
   * Tells a receiver everything after this place, until it cannot keep up or the signal: resolves with the
   * position up to which it was told. Null, at once, when there is something before that is still to be read.
   */
  join(request: FeedRequest, from: Place, receiver: Receiver): Promise<Position> | null;
  /** Everything of transactions below this has been told. */
  toldBelow(): bigint;
}

/** Starts telling what the tail brings. */
export function startHub(tail: Tail, bookmarkMs: number): Hub {
  const stop = new AbortController();
  let at = tail.head();
  let isTelling = false;
  const members = createMembers(() => at);

  /** Where nothing concerns anybody, the end of the log moves on all the same. */
  function toTheEnd() {
    const ahead = isTelling ? null : tail.since(at, ALL);
    if (ahead?.entries.length === 0) at = ahead.head;
  }

  async function tell({ entries, head }: Batch) {
    isTelling = true;
    let until = performance.now() + SLICE_MS;
    for (const entry of entries) {
      members.tell(entry.message);
      at = entry.at;
      if (performance.now() < until) continue;
      await nextTurn();
      until = performance.now() + SLICE_MS;
    }
    at = head;
    isTelling = false;
  }

  const telling = (async () => {
    while (!stop.signal.aborted) {
      const found = tail.since(at, ALL);
      if (found) await tell(found);
      else {
        // Another life of the database, or further behind than is kept.
        members.scatter();
        at = tail.head();
      }
      await tail.advanced(at, stop.signal, LONGEST_WAIT_MS);
    }
  })();

  const bookmarking = setInterval(() => {
    toTheEnd();
    // Nobody is to believe that nothing happens when that is not known.
    if (tail.isCurrent())
      members.remind({ type: 'BOOKMARK', position: encodePosition(at) }, Date.now() - bookmarkMs);
  }, bookmarkMs / 15);

  return {
    toldBelow: () => {
      const isAtEnd = !isTelling && comparePositions(at, tail.head()) === 0;
      return isAtEnd ? tail.horizon() : at.xid;
    },
    join(request, from, receiver) {
      toTheEnd();
      const isHere = from.at?.epoch === at.epoch && comparePositions(from.at, at) === 0;
      return isHere ? members.add(request, receiver, from) : null;
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      clearInterval(bookmarking);
      await telling;
    },
  };
}
