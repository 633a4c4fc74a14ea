import { runUntilStopped } from '../../../src/cli/run.ts';
import { openStore, openTandem } from '../../../src/cli/services.ts';
import { readConfig } from '../../../src/config.ts';
import { createLog } from '../../../src/feed/log.ts';
import { openPostgresFeed } from '../../../src/feed/postgres.ts';
import { createLogger } from '../../../src/observe/log.ts';
import { FEED_FAULTS } from './feeds.ts';
import { LOG_FAULTS } from './logs.ts';

const isLogFault = (name: string): name is keyof typeof LOG_FAULTS => name in LOG_FAULTS;
const isFeedFault = (name: string): name is keyof typeof FEED_FAULTS => name in FEED_FAULTS;

/** Serves what the environment describes, with one fault. */
export async function servePlanted(name: string): Promise<void> {
  if (!isLogFault(name) && !isFeedFault(name)) throw new Error(`No such fault: ${name}`);
  const config = readConfig(process.env);
  const log = createLogger(config.LOG_LEVEL);
  await runUntilStopped({ log, drainMs: config.DRAIN_MS }, async (stack) => {
    const database = stack.use(await openStore(config));
    const tandem = stack.use(
      await openTandem({
        ...{ config, database, log, switches: [] },
        openFeed: async ({ database: on, onError }) => {
          const right = createLog(on);
          const feed = await openPostgresFeed({
            ...{ database: on, shared: true, onError },
            log: isLogFault(name) ? LOG_FAULTS[name].plant(right, on) : right,
          });
          return isFeedFault(name) ? FEED_FAULTS[name].plant(feed) : feed;
        },
      }),
    );
    process.stdout.write(`Tandem is listening on http://127.0.0.1:${tandem.port}/graphql\n`);
  });
}
