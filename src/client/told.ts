import type { CallKey, CallMessage } from './messages.ts';

/** What has been told already. */
export interface Told {
  /** Forgets everything: a snapshot begins. */
  clear(): void;
  /** Notes a message; false when it had been told. */
  note(message: CallMessage): boolean;
  /** Whether the present snapshot has this call. */
  inSnapshot(call: CallKey): boolean;
  /** Whether so much was noted that some must be forgotten: then subscribe anew, and turn. */
  isFull(): boolean;
  /** Forgets what was noted before the last turn. */
  turn(): void;
}

/**
 * Remembers the last changes, `most` to twice as many, and the versions of the last snapshot. It suffices: what comes
 * twice was changed since the position of the present subscription (its client has sent the same variables again), of
 * which one is made for each `most` changes; or the snapshot had it (a change committed before, but above the horizon
 * of the log, comes once more after the snapshot's bookmark).
 */
export function createTold(most: number): Told {
  const snapshot = new Map<string, number>();
  let before = new Set<string>();
  let since = new Set<string>();

  function noteName(name: string): boolean {
    if (since.has(name) || before.has(name)) return false;
    since.add(name);
    return true;
  }

  return {
    clear() {
      snapshot.clear();
      before = new Set();
      since = new Set();
    },
    note(message) {
      switch (message.__typename) {
        case 'CallSnapshot':
          snapshot.set(message.call.id, message.call.version);
          return true;
        case 'CallChanged': {
          const { id, version } = message.call;
          return version > (snapshot.get(id) ?? 0) && noteName(`${id} ${version}`);
        }
        case 'CallDeleted':
          return noteName(`${message.callId} deleted`);
        default:
          return true;
      }
    },
    inSnapshot: ({ id }) => snapshot.has(id),
    isFull: () => since.size >= most,
    turn() {
      before = since;
      since = new Set();
    },
  };
}
