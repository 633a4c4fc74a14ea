import type { Feed } from '../feed/feed.ts';
import type { Log } from '../observe/log.ts';

const EVERY_MS = 1000;

/** Says once when changes begin not to be delivered, why, and once when they are again. */
export function watchFeed(feed: Pick<Feed, 'trouble'>, log: Log): Disposable {
  let said: string | null = null;
  const timer = setInterval(() => {
    const trouble = feed.trouble();
    if (trouble === said) return;
    said = trouble;
    if (trouble) log.warn({ trouble }, 'changes are not delivered');
    else log.info('changes are delivered again');
  }, EVERY_MS);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
