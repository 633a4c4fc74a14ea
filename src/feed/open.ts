import type { Database } from '../store/database.ts';
import type { Feed } from './feed.ts';
import { openNatsFeed } from './nats.ts';
import { openPostgresFeed } from './postgres.ts';

interface Options {
  readonly database: Database;
  /** Absent when the database is this process's own. */
  readonly databaseUrl: string | undefined;
  /** Absent reads the log from Postgres in each process. */
  readonly natsUrl: string | undefined;
  readonly onError: (error: unknown) => void;
}

/** Opens the feed that the configuration names. */
export const openFeed = ({ database, databaseUrl, natsUrl, onError }: Options): Promise<Feed> =>
  natsUrl && databaseUrl
    ? openNatsFeed({ database, databaseUrl, natsUrl, onError })
    : openPostgresFeed({ database, shared: databaseUrl !== undefined, onError });
