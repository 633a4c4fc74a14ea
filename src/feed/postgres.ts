import type { Database } from '../store/database.ts';
import { createDoorbell } from './doorbell.ts';
import type { Feed } from './feed.ts';
import { followFeed } from './follow.ts';
import { startHub } from './hub.ts';
import { createLog, type Log } from './log.ts';
import { encodePosition } from './position.ts';
import { readFeed } from './reader.ts';
import { startTail } from './tail.ts';

interface Options {
  readonly database: Database;
  readonly log?: Log;
  /** Whether other processes may write to the same database: then they are told, and listened to. */
  readonly shared: boolean;
  /** A position is given at least this often. */
  readonly bookmarkMs?: number;
  readonly onError: (error: unknown) => void;
}

/** The feed that reads the log from Postgres itself. */
export async function openPostgresFeed({
  database,
  log = createLog(database),
  shared,
  bookmarkMs = 15_000,
  onError,
}: Options): Promise<Feed> {
  await using stack = new AsyncDisposableStack();
  const tail = stack.use(await startTail(log, onError));
  const hub = stack.use(startHub(tail, bookmarkMs));
  const bell = shared ? stack.use(await createDoorbell(database, tail.wake, onError)) : null;
  const follow: Feed['follow'] = (request, receiver) =>
    followFeed({ log, tail, hub }, request, receiver);
  const held = stack.move();
  return {
    read: (request) => readFeed(follow, request),
    follow,
    head: async () => {
      const { head } = await log.live({ organizationId: null, ownerId: null }, { callIds: [] });
      return encodePosition(head);
    },
    wake: () => {
      tail.wake();
      bell?.ring();
    },
    trouble: tail.trouble,
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}
