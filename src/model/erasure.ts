/** Where an erasure stands. DONE is final. */
export const ERASURE_STATES = ['RUNNING', 'STOPPED', 'DONE'] as const;
export type ErasureState = (typeof ERASURE_STATES)[number];

/** What an erasure may wait for. */
export const ERASURE_WAITS = ['CALLS_TO_END', 'RESUME'] as const;
export type ErasureWait = (typeof ERASURE_WAITS)[number];

/** How far an erasure has come through an organization's calls. */
export interface ErasureCursor {
  /** The last call that was looked at, by the time of its offer and its id; null before the first. */
  readonly after: readonly [offeredAt: string, callId: string] | null;
  /** Whether all calls have been looked at once. */
  readonly isThrough: boolean;
  /** Calls that were up: they are looked at again until they have ended. */
  readonly live: readonly string[];
}

/** An erasure as readers see it. Times are ISO 8601. */
export interface ErasureView {
  readonly id: string;
  readonly organizationId: string;
  readonly userId: string;
  readonly state: ErasureState;
  /** Null while it gets on, and once it is done. */
  readonly waitsFor: ErasureWait | null;
  /** Calls that were up when it looked at them last. */
  readonly live: number;
  readonly requestedAt: string;
  readonly finishedAt: string | null;
  /** Calls in which the number took part when it was asked for. */
  readonly expected: number;
  readonly erased: number;
  readonly cleared: number;
  readonly held: number;
  readonly certificate: string | null;
}

/** What an erasure would meet, in calls. */
export interface ErasureCounts {
  readonly calls: number;
  readonly live: number;
  readonly held: number;
}

/** Shorter ones are found as parties alone: within user data they would be found in anything. */
const SHORTEST_MENTION = 6;

/** A number as it may be written, and what goes by it. */
export interface Subject {
  /** With and without its plus sign. */
  readonly numbers: readonly string[];
  /** Further ways in which switches call it, by their ids. */
  readonly dialled: ReadonlyMap<string, readonly string[]>;
  /** The extensions of the organization that have it: however their legs are written, they are its. */
  readonly extensionIds: readonly string[];
  /** What to look for in texts; empty when the number is too short for that. */
  readonly plain: readonly string[];
  /** A regular expression that both Postgres and JavaScript know: the number, and no digits around it. */
  readonly pattern: string | null;
}

/** What to look for when everything about a number is to go. */
export function subjectOf(
  number: string,
  dialled: Subject['dialled'] = new Map(),
  extensionIds: readonly string[] = [],
): Subject {
  const bare = number.replace(/^\+/, '');
  const all = [bare, ...[...dialled.values()].flat()].map((text) => text.replace(/^\+/, ''));
  const plain = [...new Set(all)].filter((text) => text.length >= SHORTEST_MENTION);
  const escaped = plain.map((text) => text.replaceAll(/[*#]/g, '[$&]'));
  return {
    ...{ numbers: [bare, `+${bare}`], dialled, extensionIds, plain },
    pattern: plain.length > 0 ? `(^|[^0-9])(${escaped.join('|')})([^0-9]|$)` : null,
  };
}
