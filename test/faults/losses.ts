import { type Audience, wants } from './audience.ts';
import type { Era, Heard } from './heard.ts';
import { type Entry, type History, isVisibleIn } from './history.ts';

/** What names an entry, whatever its position looks like: a deletion says no version. */
export const keyOf = ({ callId, version, kind }: Pick<Entry, 'callId' | 'version' | 'kind'>) =>
  kind === 'DELETED' ? `${callId} DELETED` : `${callId} ${version}`;

/** The same of a message. */
export const keyOfHeard = ({ type, callId, version }: Heard) =>
  type === 'CallDeleted' ? `${callId} DELETED` : `${callId} ${version}`;

/** What should have been heard since the last snapshot and was not; null while there is no whole snapshot. */
export function lossesOf(
  eras: readonly Era[],
  audience: Audience,
  history: History,
): readonly Entry[] | null {
  const era = eras.at(-1);
  if (!era?.isWhole || era.after === null) return null;
  const heard = new Set(era.told.map(keyOfHeard));
  return owed(era, era.after, audience, history).filter((entry) => !heard.has(keyOf(entry)));
}

/**
 * Positions are taken at nobody's word here: a bookmark that claims too much would excuse every loss.
 * What a snapshot had is known from the versions in it, and what it cannot have had from Postgres.
 */
function owed(era: Era, after: string, audience: Audience, { entries }: History) {
  const had = new Map(era.snapshot.map(({ callId, version }) => [callId, version]));
  const isLater = (entry: Entry) => !isVisibleIn(after, entry.xid);
  const unborn = audience.states ? new Set<string>() : unbornIn(era, after, entries);
  return entries.filter((entry) => {
    if (entry.erased || !wants(audience, entry)) return false;
    const version = had.get(entry.callId);
    if (version !== undefined) return entry.version > version;
    return isLater(entry) || unborn.has(entry.callId);
  });
}

/** Calls that began after the asking and lived on after the snapshot, but are not in it: it came before them. */
function unbornIn(era: Era, after: string, entries: readonly Entry[]): ReadonlySet<string> {
  const calls = new Set<string>();
  for (const { callId, version, xid } of entries) {
    if (version === 1 && !isVisibleIn(era.before, xid)) calls.add(callId);
  }
  for (const { callId, state, xid } of entries) {
    if ((state === null || state === 'ENDED') && isVisibleIn(after, xid)) calls.delete(callId);
  }
  for (const { callId } of era.snapshot) calls.delete(callId);
  return calls;
}
