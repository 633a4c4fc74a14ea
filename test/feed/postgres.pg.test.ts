import { openPostgresFeed } from '../../src/feed/postgres.ts';
import type { Database } from '../../src/store/database.ts';
import { eachStore } from '../support/database.ts';
import { type FeedOptions, unexpected } from '../support/feed-engine.ts';
import { feedContract } from './contract/contract.ts';
import { readers } from './contract/readers.ts';

const openOn = (database: Database, { bookmarkMs, onError = unexpected }: FeedOptions = {}) =>
  openPostgresFeed({ database, shared: false, bookmarkMs, onError });

eachStore((database) => feedContract({ database, open: (options) => openOn(database(), options) }));

readers(openOn);
