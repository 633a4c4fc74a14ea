import type { Config } from '../config.ts';
import type { Feed } from '../feed/feed.ts';
import type { Log } from '../observe/log.ts';
import type { Database } from '../store/database.ts';
import { createGuardedRequest } from '../webhooks/guarded-request.ts';
import { startWebhooks, type Webhooks } from '../webhooks/webhooks.ts';

/** From the look-up of a receiver's name to the end of its answer. */
const TIMEOUT_MS = 5000;

interface Options {
  readonly config: Config;
  readonly database: Database;
  readonly log: Log;
}

/** Sends what phone call events fire. */
export const openWebhooks = (
  { config, database, log }: Options,
  onError: (error: unknown) => void,
): Webhooks =>
  startWebhooks({
    ...{ database, log, onError },
    send: createGuardedRequest({
      allowPrivate: config.WEBHOOKS_ALLOW_PRIVATE,
      timeoutMs: TIMEOUT_MS,
    }),
  });

/** A feed by which the webhooks hear, too, that something was committed. */
export const wakingBoth = (feed: Feed, { wake }: Pick<Webhooks, 'wake'>): Feed => ({
  ...feed,
  wake() {
    feed.wake();
    wake();
  },
});
