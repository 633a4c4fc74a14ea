import { addAbortListener } from 'node:events';

/** Nobody waits longer for somebody else's answer. */
const LONGEST_MS = 5000;

/** Which users are being answered: what they caused is told them afterwards. */
export interface Answering {
  /** A request of the user is being answered, until the signal. */
  begin(userId: string, until: AbortSignal): void;
  /** Resolves when none is. */
  done(userId: string): Promise<void>;
}

export function createAnswering(): Answering {
  const underWay = new Map<string, Set<Promise<void>>>();
  return {
    begin(userId, until) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const own = underWay.get(userId) ?? new Set();
      underWay.set(userId, own.add(promise));
      const end = () => {
        clearTimeout(late);
        own.delete(promise);
        if (own.size === 0 && underWay.get(userId) === own) underWay.delete(userId);
        resolve();
      };
      const late = setTimeout(end, LONGEST_MS);
      addAbortListener(until, end);
    },
    async done(userId) {
      await Promise.all(underWay.get(userId) ?? []);
    },
  };
}
