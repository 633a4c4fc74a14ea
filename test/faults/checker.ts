import { type Audience, mayHear, wants } from './audience.ts';
import type { Era, Heard } from './heard.ts';
import type { Entry, History } from './history.ts';
import { keyOf, keyOfHeard, lossesOf } from './losses.ts';
import type { Subscriber } from './subscriber.ts';

/** What a subscriber must never see; each kind of fault has its word. */
export interface Violation {
  readonly fault:
    | ('LOST' | 'DOUBLED' | 'DISORDERED' | 'FOREIGN' | 'UNKNOWN' | 'UNTRUE' | 'WRONG_END')
    | ('NO_SNAPSHOT' | 'GAP' | 'REFUSED' | 'TOLD_ON' | 'DIED' | 'HUNG' | 'LOG_DISORDERED');
  readonly about: string;
}

const PASSING: readonly unknown[] = ['UNAVAILABLE', 'INTERNAL'];

const violation = (fault: Violation['fault'], about: string): Violation => ({ fault, about });

/** The history by what names an entry, and each entry's place in it. */
function indexOf({ entries }: History) {
  return new Map(entries.map((entry, place) => [keyOf(entry), { entry, place }]));
}

/** Compares all that one subscriber has heard with what SQL knows; blows excuse what comes of them. */
export function check(
  { eras, refusals }: Pick<Subscriber, 'eras' | 'refusals'>,
  audience: Audience,
  history: History,
  blows: readonly Span[],
): readonly Violation[] {
  const index = indexOf(history);
  const lost = lossesOf(eras, audience, history);
  const last = eras.at(-1);
  return [
    ...refusals
      .filter(({ code, at }) => !PASSING.includes(code) || !isExcused(at, blows))
      .map(({ code }) => violation('REFUSED', code)),
    ...(lost ?? []).map((entry) => violation('LOST', about(entry))),
    ...(lost ? [] : [violation('NO_SNAPSHOT', `${eras.length} began`)]),
    ...eras.flatMap((era) => checkSnapshot(era, audience, history)),
    ...eras.flatMap((era) => checkTold(era, audience, index)),
    ...(last && lost?.length === 0 ? checkEnd(last, audience, history) : []),
  ];
}

/** When a blow was struck, and when it was over, in milliseconds of the run's clock. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What a blow has broken is whole again so long after it. */
const AFTERMATH_MS = 3000;

const isExcused = (at: number, blows: readonly Span[]) =>
  blows.some(({ from, to }) => from <= at && at <= to + AFTERMATH_MS);

const about = ({ callId, version, kind, xid }: Entry) => `${callId} ${version} ${kind} xid ${xid}`;

function checkSnapshot(era: Era, audience: Audience, { entries }: History): Violation[] {
  return era.snapshot.flatMap((message) => {
    const ofCall = entries.filter(({ callId }) => callId === message.callId);
    const text = JSON.stringify(message);
    if (!ofCall.some((entry) => mayHear(audience, entry.callId, entry))) {
      return violation('FOREIGN', text);
    }
    const entry = ofCall.find(({ version }) => version === message.version);
    return entry?.state === message.state ? [] : violation('UNTRUE', text);
  });
}

/** Each message is of an entry of theirs, as it was committed, once, and in the order of the log. */
function checkTold(era: Era, audience: Audience, index: ReturnType<typeof indexOf>): Violation[] {
  const seen = new Set<string>();
  let place = -1;
  return era.told.flatMap((message): readonly Violation[] => {
    const text = JSON.stringify(message);
    if (message.type === 'FeedBookmark') return [];
    if (message.type === 'FeedGap') return [violation('GAP', text)];
    const found = index.get(keyOfHeard(message));
    if (!found) return [violation('UNKNOWN', text)];
    const { entry } = found;
    if (!wants(audience, entry)) return [violation('FOREIGN', text)];
    if (message.type === 'CallChanged' && !isTrue(message, entry)) {
      return [violation('UNTRUE', text)];
    }
    if (seen.has(keyOf(entry))) return [violation('DOUBLED', text)];
    seen.add(keyOf(entry));
    if (found.place < place) return [violation('DISORDERED', text)];
    place = found.place;
    return [];
  });
}

const isTrue = ({ kind, state }: Heard, entry: Entry) =>
  kind === entry.kind && state === entry.state;

/** A snapshot and what followed it give the calls that are live in the end, as SQL has them. */
function checkEnd(era: Era, audience: Audience, { live }: History): Violation[] {
  if (audience.kinds || audience.states) return [];
  const known = new Map(era.snapshot.map((heard) => [heard.callId, heard]));
  for (const heard of era.told) {
    const before = known.get(heard.callId)?.version ?? 0;
    if (heard.type === 'CallDeleted') known.delete(heard.callId);
    if (heard.type === 'CallChanged' && heard.version > before) known.set(heard.callId, heard);
  }
  const word = (id: string, version: number, state: string | null) => `${id} ${version} ${state}`;
  const told = [...known.values()]
    .filter(({ state }) => state !== 'ENDED')
    .map(({ callId, version, state }) => word(callId, version, state));
  const wanted = live
    .filter((call) => mayHear(audience, call.id, call))
    .map(({ id, version, state }) => word(id, version, state));
  const differing = new Set(told).symmetricDifference(new Set(wanted));
  return [...differing].map((text) => violation('WRONG_END', text));
}

/** A call's versions grow by one along the log; who writes sees to that. */
export function checkLog({ entries }: History): readonly Violation[] {
  const versions = new Map<string, number>();
  return entries.flatMap((entry) => {
    const isNext = entry.version === (versions.get(entry.callId) ?? 0) + 1;
    versions.set(entry.callId, entry.version);
    return isNext ? [] : violation('LOG_DISORDERED', about(entry));
  });
}
