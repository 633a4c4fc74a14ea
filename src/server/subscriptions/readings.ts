import { LRUCache } from 'lru-cache';

/** Characters that are kept. */
const MOST_KEPT = 4_000_000;
/** Who comes later reads again: what was read beside a change may have been changed or erased since. */
const FRESH_MS = 1000;
/** One that hangs must not hold up everybody who comes after. */
const LONGEST_MS = 5000;

/** What a document gave that asks for more than its message carries. */
export interface Reading {
  readonly text: string;
  /** False when something could not be read. */
  readonly isWhole: boolean;
}

/** What was read for a message, for all who are told of it at about the same time. */
export interface Readings {
  get(name: string): Promise<string> | undefined;
  /** Gives a reading to who asks for it meanwhile, and shortly after when it has come to a good end. */
  share(name: string, reading: Promise<Reading>): Promise<string>;
}

export function createReadings(perf: { now(): number } = performance): Readings {
  const readings = new LRUCache<string, Promise<string>>({
    maxSize: MOST_KEPT,
    ttlResolution: 0,
    perf,
  });
  return {
    get: (name) => readings.get(name),
    share(name, reading) {
      const text = reading.then(({ text }) => text);
      const settle = (good: Reading | null) => {
        if (readings.peek(name) !== text) return;
        if (good) readings.set(name, text, { size: good.text.length, ttl: FRESH_MS });
        else readings.delete(name);
      };
      readings.set(name, text, { size: 1, ttl: LONGEST_MS });
      reading.then(
        (read) => settle(read.isWhole ? read : null),
        () => settle(null),
      );
      // Not all who are given it wait for it.
      text.catch(() => {});
      return text;
    },
  };
}
