import type { Change } from './feed.ts';
import { type Entry, entryOf } from './log.ts';

/** Whether earlier entries of the call may have what the log has no more. */
export const erases = ({ kind, dtmf }: Pick<Change, 'kind' | 'dtmf'>) =>
  kind === 'DELETED' || kind === 'USER_DATA' || (kind === 'DTMF' && !dtmf);

/**
 * Old entries and new ones, without what the new ones erase, as it is erased from the log: all of a call that was
 * deleted, what was pressed until a change that has none of it, and of user data the keys that a later change no
 * longer has. Changes the list that it is given.
 */
export function append(entries: Entry[], added: readonly Entry[]): Entry[] {
  entries.push(...added);
  const touched = new Set(
    added
      .map(({ message }) => message.change)
      .filter(erases)
      .map(({ callId }) => callId),
  );
  if (touched.size === 0) return entries;
  const erase = createEraser();
  const gone = new Set<Entry>();
  // In place: this is done with each change of user data, over all that is kept.
  for (let index = entries.length - 1; index >= 0; index -= 1) {
    const entry = entries[index];
    if (!entry || !touched.has(entry.message.change.callId)) continue;
    const left = erase(entry);
    if (left) entries[index] = left;
    else gone.add(entry);
  }
  return gone.size > 0 ? entries.filter((entry) => !gone.has(entry)) : entries;
}

/** Looks at a call's entries from the last to the first, and says what is left of each. */
function createEraser() {
  const gone = new Set<string>();
  const withoutDtmf = new Set<string>();
  const left = new Map<string, ReadonlySet<string>>();
  return (entry: Entry): Entry | null => {
    const { kind, callId, call, dtmf } = entry.message.change;
    if (gone.has(callId) || (dtmf && withoutDtmf.has(callId))) return null;
    if (kind === 'DELETED') gone.add(callId);
    if (kind === 'DTMF' && !dtmf) withoutDtmf.add(callId);
    const keys = left.get(callId);
    if (kind === 'USER_DATA') {
      const still = new Set(Object.keys(call?.userData ?? {}));
      left.set(callId, keys?.intersection(still) ?? still);
    }
    return keys ? withKeys(entry, keys) : entry;
  };
}

/** The entry with no other keys of user data than these. */
function withKeys(entry: Entry, keys: ReadonlySet<string>): Entry {
  const { change } = entry.message;
  if (!change.call?.userData) return entry;
  const pairs = Object.entries(change.call.userData);
  const stays = pairs.filter(([key]) => keys.has(key));
  if (stays.length === pairs.length) return entry;
  const userData = stays.length > 0 ? Object.fromEntries(stays) : null;
  return entryOf(entry.at, { ...change, call: { ...change.call, userData } });
}
