import type { Feed } from '../feed/feed.ts';
import type { Log } from '../observe/log.ts';

const EVERY_MS = 1000;

/** Says once when changes begin not to be delivered, or to take another way, why, and once when that is over. */
export function watchFeed(feed: Pick<Feed, 'trouble' | 'detour'>, log: Log): Disposable {
  const saying = (begun: string, over: string) => {
    let said: string | null = null;
    return (trouble: string | null, kind = trouble) => {
      if (kind === said) return;
      said = kind;
      if (trouble) log.warn({ trouble }, begun);
      else log.info(over);
    };
  };
  const sayTrouble = saying('changes are not delivered', 'changes are delivered again');
  const sayDetour = saying('changes take another way', 'changes come as they should again');
  const timer = setInterval(() => {
    sayTrouble(feed.trouble());
    const detour = feed.detour();
    // What is away fails in one way, then in another.
    sayDetour(detour, detour && 'detour');
  }, EVERY_MS);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
