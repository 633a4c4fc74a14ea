import type { FeedEngine } from '../../support/feed-engine.ts';
import { changes } from './changes.ts';
import { filters } from './filters.ts';
import { writers } from './writers.ts';

/** What every feed does, whatever feeds it. */
export function feedContract(engine: FeedEngine): void {
  changes(engine);
  filters(engine);
  writers(engine);
}
