import type { Log, Look } from './log.ts';
import { encodePosition, type Position } from './position.ts';

/** Not longer than a change takes to be told: what is erased meanwhile is told once more in that time at most. */
const KEPT_MS = 100;
/** Reads at once; who comes to another place then reads alone. */
const MOST = 100;
/** A reader that stands still in the midst of them holds no more. */
const ENTRIES = 100;

/** The log for readers: few entries at once, and read once for all who come to a place at the same time. */
export function shareReads(log: Log): Log {
  const reads = new Map<string, Promise<Look>>();

  function share(name: string, position: Position): Promise<Look> {
    const read = log.after(position, ENTRIES);
    if (reads.size >= MOST) return read;
    reads.set(name, read);
    const forget = () => reads.delete(name);
    read.then(() => setTimeout(forget, KEPT_MS).unref(), forget);
    return read;
  }

  return {
    before: log.before,
    live: log.live,
    after: (position) => {
      const name = encodePosition(position);
      return reads.get(name) ?? share(name, position);
    },
  };
}
