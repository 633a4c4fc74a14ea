import type { Log, Look } from './log.ts';
import { encodePosition, type Position } from './position.ts';

/** Not longer than a change takes to be told: what is erased meanwhile is told once more in that time at most. */
const KEPT_MS = 100;
/** Reads at once; who comes to another place then reads alone. */
const MOST = 100;
/** A reader that stands still in the midst of them holds no more. */
const ENTRIES = 100;
/** And no more characters, but for the last of them. */
const CHARACTERS = 64_000;

/** The log for readers: few entries at once, and read once for all who come to a place at the same time. */
export function shareReads(log: Log): Log {
  const reads = new Map<string, Promise<Look>>();
  let most = ENTRIES;

  /** Where entries are large, no more are read than a reader is given, or each would be read many times. */
  async function read(position: Position): Promise<Look> {
    const asked = most;
    const found = await log.after(position, asked);
    const look = cut(found);
    const isWhole = look === found;
    most = isWhole ? Math.min(ENTRIES, 2 * asked) : look.entries.length;
    return look;
  }

  function share(name: string, position: Position): Promise<Look> {
    const reading = read(position);
    if (reads.size >= MOST) return reading;
    reads.set(name, reading);
    const forget = () => reads.delete(name);
    reading.then(() => setTimeout(forget, KEPT_MS).unref(), forget);
    return reading;
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

/** The first of what was found, as if no more had been asked for. */
function cut(found: Look): Look {
  let size = 0;
  const end = found.entries.findIndex(({ kept }) => {
    size += kept?.text.length ?? 0;
    return size >= CHARACTERS;
  });
  const last = found.entries[end]?.at;
  if (!last || end + 1 === found.entries.length) return found;
  return { ...found, entries: found.entries.slice(0, end + 1), head: last, horizon: last.xid };
}
