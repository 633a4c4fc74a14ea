import type { Feed } from './feed.ts';
import { followFeed } from './follow.ts';
import { startHub } from './hub.ts';
import type { Log } from './log.ts';
import { encodePosition } from './position.ts';
import { readFeed } from './reader.ts';
import { shareReads } from './shared-reads.ts';
import { headOf, type Tail } from './tail.ts';

interface Parts {
  readonly log: Log;
  readonly tail: Tail;
  /** A position is given at least this often. */
  readonly bookmarkMs?: number | undefined;
  /** Passes on that something was committed. */
  readonly wake: () => void;
  /** What the feed closes after itself. */
  readonly held: AsyncDisposable;
}

/** The feed on a log and its end, however that comes here. */
export function feedOn({ log, tail, bookmarkMs = 15_000, wake, held }: Parts): Feed {
  const hub = startHub(tail, bookmarkMs);
  const sources = { log: shareReads(log), tail, hub, bookmarkMs };
  const follow: Feed['follow'] = (request, receiver) => followFeed(sources, request, receiver);
  return {
    read: (request) => readFeed(follow, request),
    follow,
    head: async () => encodePosition(await headOf(log)),
    wake,
    trouble: tail.trouble,
    detour: tail.detour ?? (() => null),
    [Symbol.asyncDispose]: async () => {
      await hub[Symbol.asyncDispose]();
      await held[Symbol.asyncDispose]();
    },
  };
}
