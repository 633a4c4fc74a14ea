import type { Change } from './feed.ts';
import { type Entry, entryOf } from './log.ts';

/** Whether earlier entries of the call may have what the log has no more. */
export const erases = ({ kind, dtmf }: Pick<Change, 'kind' | 'dtmf'>) =>
  kind === 'DELETED' || kind === 'USER_DATA' || (kind === 'DTMF' && !dtmf);

/** Entries in order, without what later ones erase. */
export interface Unerased {
  readonly entries: readonly Entry[];
  /**
   * Puts new ones behind, and takes out what they erase, as it is erased from the log: all of a call that was deleted,
   * what was pressed until a change that has none of it, and of user data the keys that a later change no longer has.
   */
  push(added: readonly Entry[]): void;
  /** Drops so many of the oldest, and gives them. */
  drop(count: number): readonly Entry[];
}

/** None yet. Knows where each call's entries are: user data changes often, and ten thousand entries are kept. */
export function createUnerased(): Unerased {
  let entries: Entry[] = [];
  let places = new Map<string, number[]>();
  /** Places count from the first entry that was ever here. */
  let dropped = 0;

  function note({ message }: Entry, index: number) {
    const { callId } = message.change;
    const own = places.get(callId);
    if (own) own.push(dropped + index);
    else places.set(callId, [dropped + index]);
  }

  /** Looks at a call's entries, the last of them first; gives those of which nothing is left. */
  function erase(callId: string): Entry[] {
    const left = createEraser();
    return (places.get(callId) ?? []).toReversed().flatMap((place) => {
      const index = place - dropped;
      const entry = entries[index];
      if (!entry) return [];
      const still = left(entry);
      if (still) entries[index] = still;
      return still ? [] : [entry];
    });
  }

  return {
    get entries() {
      return entries;
    },
    push(added) {
      for (const entry of added) note(entry, entries.push(entry) - 1);
      const erasing = added.map(({ message }) => message.change).filter(erases);
      const gone = new Set([...new Set(erasing.map(({ callId }) => callId))].flatMap(erase));
      if (gone.size === 0) return;
      entries = entries.filter((entry) => !gone.has(entry));
      places = new Map();
      entries.forEach(note);
    },
    drop(count) {
      const gone = entries.splice(0, count);
      dropped += gone.length;
      for (const { message } of gone) {
        const { callId } = message.change;
        const own = places.get(callId);
        own?.shift();
        if (own?.length === 0) places.delete(callId);
      }
      return gone;
    },
  };
}

/** Is shown a call's entries from the last to the first, and gives what is left of each. */
function createEraser() {
  let isDeleted = false;
  let withoutDtmf = false;
  let keys: ReadonlySet<string> | undefined;
  return (entry: Entry): Entry | null => {
    const { kind, dtmf } = entry.message.change;
    if (isDeleted || (dtmf && withoutDtmf)) return null;
    if (kind === 'DELETED') isDeleted = true;
    if (kind === 'DTMF' && !dtmf) withoutDtmf = true;
    const later = keys;
    if (kind === 'USER_DATA') {
      const still = new Set(entry.kept?.keys);
      keys = keys?.intersection(still) ?? still;
    }
    return later ? withKeys(entry, later) : entry;
  };
}

/** The entry with no other keys of user data than these. */
function withKeys(entry: Entry, keys: ReadonlySet<string>): Entry {
  const { at, kept, message } = entry;
  if (!kept || kept.keys.every((key) => keys.has(key))) return entry;
  const { call } = kept;
  const stays = Object.entries(call.userData ?? {}).filter(([key]) => keys.has(key));
  const userData = stays.length > 0 ? Object.fromEntries(stays) : null;
  return entryOf(at, { ...message.change, call: { ...call, userData } });
}
