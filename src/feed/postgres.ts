import type { Database } from '../store/database.ts';
import { createDoorbell } from './doorbell.ts';
import type { Feed } from './feed.ts';
import { feedOn } from './feed-on.ts';
import { createLog, type Log } from './log.ts';
import { startTail } from './tail.ts';

interface Options {
  readonly database: Database;
  readonly log?: Log;
  /** Whether other processes may write to the same database: then they are told, and listened to. */
  readonly shared: boolean;
  /** A position is given at least this often. */
  readonly bookmarkMs?: number | undefined;
  readonly onError: (error: unknown) => void;
}

/** The feed that reads the log from Postgres itself. */
export async function openPostgresFeed({
  database,
  log = createLog(database),
  shared,
  bookmarkMs,
  onError,
}: Options): Promise<Feed> {
  await using stack = new AsyncDisposableStack();
  const tail = stack.use(await startTail(log, onError));
  const bell = shared
    ? stack.use(
        await createDoorbell(database, { newsAge: tail.newsAge, onRing: tail.wake, onError }),
      )
    : null;
  const wake = () => {
    tail.wake();
    bell?.ring();
  };
  return feedOn({ log, tail, bookmarkMs, wake, held: stack.move() });
}
