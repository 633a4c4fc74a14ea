import type { Database } from '../store/database.ts';
import type { Feed } from './feed.ts';
import { feedOn } from './feed-on.ts';
import { createLog } from './log.ts';
import { openLink } from './nats/link.ts';
import { startRelay } from './nats/relay.ts';
import { startNatsTail } from './nats/tail.ts';
import { bellSubject } from './nats/told.ts';

interface Options {
  readonly database: Database;
  /** Of the same database. */
  readonly databaseUrl: string;
  /** `nats://user:password@host:port` */
  readonly natsUrl: string;
  /** A position is given at least this often. */
  readonly bookmarkMs?: number | undefined;
  readonly onError: (error: unknown) => void;
}

/** The feed that one process of the fleet relays from Postgres to NATS, and all read there. */
export async function openNatsFeed(options: Options): Promise<Feed> {
  const { database, databaseUrl, natsUrl, bookmarkMs, onError } = options;
  await using stack = new AsyncDisposableStack();
  const log = createLog(database);
  const link = stack.use(openLink(natsUrl));
  const tail = stack.use(await startNatsTail({ log, link, onError }));
  const { isFed } = tail;
  const relay = stack.use(startRelay({ log, link, url: databaseUrl, isFed, onError }));
  const wake = () => {
    if (!isFed()) tail.wake();
    if (!relay.wake()) link.connection()?.publish(bellSubject(tail.head().epoch));
  };
  return feedOn({ log, tail, bookmarkMs, wake, held: stack.move() });
}
