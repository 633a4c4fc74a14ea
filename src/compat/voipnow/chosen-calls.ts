import { nameIn } from '../../model/identifiers.ts';
import type { Execute } from '../dialect.ts';
import { CALL_FIELDS } from './call-resource.ts';
import { dateOf } from './collection.ts';
import { Fault } from './fault.ts';
import { callsNamed, callsShown } from './find-calls.ts';
import { isAt } from './leg-of.ts';
import { chosen } from './listing.ts';
import type { Place } from './live-calls.ts';
import {
  FILTER_NAMES,
  type StandardParameters,
  standardParameters,
} from './standard-parameters.ts';

/** What a hang-up names in its path, and by its `phoneNumber`. */
interface Named extends Place {
  readonly callId: string | undefined;
  readonly phoneNumber: string | null;
}

/** Which of many a hang-up is for. */
export interface Choice {
  readonly asked: StandardParameters;
  /** Whether just one page of them is meant. */
  readonly isPage: boolean;
}

/**
 * What the Standard-Request-Parameters choose (Hang up PhoneCalls, Query parameters): what the list would show for them;
 * null when none of them came. A filter that came empty is refused: taken as none, it would hang up everything.
 */
export function choiceIn(query: URLSearchParams): Choice | null {
  const asked = standardParameters(query, CALL_FIELDS);
  const isFiltered = FILTER_NAMES.some((name) => query.has(name));
  if (isFiltered && asked.filter === null) {
    const names = CALL_FIELDS.filterable.join(', ');
    throw new Fault('filterby_invalid', `The filterBy must be one of ${names}.`);
  }
  const isPage = query.has('count') || query.has('startIndex');
  return isFiltered || isPage ? { asked, isPage } : null;
}

/** As many as one hang-up takes; the others are ended by asking again. */
const MOST = 5000;

/**
 * Tandem's ids of the calls that are chosen among those that are named. Whoever is shown more than what is his own ends
 * what of it is.
 */
export async function chosenCalls(
  execute: Execute,
  { callId, phoneNumber, ...place }: Named,
  { asked, isPage }: Choice,
): Promise<string[]> {
  const found = await (callId === undefined
    ? callsShown(execute, place)
    : callsNamed(execute, place, callId));
  const having = found.filter(
    ({ participants }) =>
      phoneNumber === null ||
      participants.some((leg) => leg.state !== 'ENDED' && isAt(leg, phoneNumber)),
  );
  const entries = having.map((call) => ({
    ...{ id: nameIn('VOIPNOW', call), published: dateOf(call.offeredAt), callId: call.id },
  }));
  const passing = chosen({}, asked, entries);
  const { startIndex, count } = asked;
  const meant = isPage ? passing.slice(startIndex, startIndex + count) : passing;
  return meant.slice(0, MOST).map((entry) => entry.callId);
}
