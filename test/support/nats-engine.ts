import { afterAll, beforeAll, describe } from 'vitest';
import type { Feed } from '../../src/feed/feed.ts';
import { openNatsFeed } from '../../src/feed/nats.ts';
import { type FreshDatabase, freshDatabase } from './database.ts';
import { type FeedEngine, type FeedOptions, unexpected } from './feed-engine.ts';
import { type NatsOfTests, startNats } from './nats.ts';

/** Feeds by NATS. */
export interface NatsEngine extends FeedEngine {
  readonly database: () => FreshDatabase;
  readonly nats: () => NatsOfTests;
  /** Opens a feed on another database, or pool. */
  openOn(database: FreshDatabase, options?: FeedOptions): Promise<Feed>;
}

/** Runs a suite with a NATS and a database of its own. For `.system.test.ts`. */
export function onNats(suite: (engine: NatsEngine) => void): void {
  describe('by NATS', () => {
    const held = new AsyncDisposableStack();
    let made: { database: FreshDatabase; nats: NatsOfTests } | undefined;
    beforeAll(async () => {
      made = { database: held.use(await freshDatabase()), nats: held.use(await startNats()) };
    });
    afterAll(() => held.disposeAsync());
    const own = () => {
      if (!made) throw new Error('They are there in tests and hooks only.');
      return made;
    };
    const openOn: NatsEngine['openOn'] = (database, { bookmarkMs, onError = unexpected } = {}) => {
      const { url: databaseUrl } = database;
      return openNatsFeed({ database, databaseUrl, natsUrl: own().nats.url, bookmarkMs, onError });
    };
    suite({
      ...{ nats: () => own().nats, database: () => own().database, openOn },
      open: (options) => openOn(own().database, options),
    });
  });
}
