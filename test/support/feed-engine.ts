import type { Feed } from '../../src/feed/feed.ts';
import type { Database } from '../../src/store/database.ts';

export interface FeedOptions {
  readonly bookmarkMs?: number;
  /** Absent takes every fault for a failure of the test. */
  readonly onError?: (error: unknown) => void;
}

/** One way to feed, on a database that all tests of a suite share. */
export interface FeedEngine {
  readonly database: () => Database;
  /** Opens a feed, as another process would. */
  open(options?: FeedOptions): Promise<Feed>;
}

export const unexpected = (error: unknown): never => {
  throw error;
};
