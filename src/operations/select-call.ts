import type { CallView } from '../model/call.ts';
import { GatewayError } from '../model/errors.ts';
import { isDialable } from '../model/phone-number.ts';
import type { CallFilter, CallShape } from '../model/shape.ts';
import type { Visibility } from '../model/visibility.ts';
import type { Database } from '../store/database.ts';
import { readExtensions, readPage } from '../store/queries/read.ts';
import type { Context } from './context.ts';
import type { CallSelector } from './delete-call.ts';
import { type CallReference, findCall } from './find-call.ts';

/** Which call of a number is meant (Verba, Delete Call, `status`). */
export const CALL_STATUSES = ['ONGOING', 'LAST', 'NEXT'] as const;
export type CallStatus = (typeof CALL_STATUSES)[number];

/** The call that a selector names, or the wish for one that is still to come. */
export type Selected =
  | { readonly kind: 'CALL'; readonly callId: string }
  | { readonly kind: 'NEXT'; readonly number: string };

/** Resolves a selector; refuses one that matches nothing, or several. */
export async function selectCall(context: Context, selector: CallSelector): Promise<Selected> {
  const { number, status, ...reference } = selector;
  checkWays(selector);
  if (typeof number !== 'string') {
    const call = await findCall(context, reference, {});
    return { kind: 'CALL', callId: call.id };
  }
  if (!isDialable(number)) throw new GatewayError('PHONE_NUMBER_INVALID');
  if (!status || status.length === 0) {
    throw new GatewayError('BAD_INPUT', 'A number needs a status: ongoing, last or next.');
  }
  for (const one of status) {
    if (one === 'NEXT') return { kind: 'NEXT', number };
    const [call, another] = await callsWith(context, number, one);
    if (call && another && one === 'ONGOING') throw new GatewayError('CALL_AMBIGUOUS');
    if (call) return { kind: 'CALL', callId: call.id };
  }
  throw new GatewayError('CALL_NOT_FOUND');
}

/** A status is a number's: without one, it is the number that was forgotten. */
function checkWays({ number, status, callId, identifier }: CallSelector): void {
  const ways = [callId, identifier, typeof number === 'string'].filter(Boolean).length;
  const isStatusAlone = ways === 0 && (status?.length ?? 0) > 0;
  if (isStatusAlone) throw new GatewayError('BAD_INPUT', 'A status needs a number.');
  if (ways === 1) return;
  const text = 'Name the call by exactly one of its id, an identifier and a number with a status.';
  throw new GatewayError('BAD_INPUT', text);
}

/** The call that a selector names, which must be there already. */
export async function findSelected(
  context: Context,
  selector: CallSelector,
  shape?: CallShape,
): Promise<CallView> {
  const { number, status, ...reference } = selector;
  checkWays(selector);
  if (typeof number !== 'string') return findCall(context, reference, shape);
  const selected = await selectCall(context, selector);
  // The next one is not there: whoever asks now gets nothing.
  if (selected.kind === 'NEXT') throw new GatewayError('CALL_NOT_FOUND');
  return findCall(context, { callId: selected.callId }, shape);
}

/** A call, by its id or an identifier, or by a number and its status. */
export type Named = CallReference & { readonly selector?: CallSelector | null | undefined };

/**
 * The call that is named in one of these ways.
 * @param shape what is to be known of it; by default all that commands of a switch need.
 */
export function findNamed(
  context: Context,
  { selector, ...reference }: Named,
  shape?: CallShape,
): Promise<CallView> {
  if (selector && (reference.callId || reference.identifier)) {
    throw new GatewayError('BAD_INPUT', 'Name the call in one way.');
  }
  return selector ? findSelected(context, selector, shape) : findCall(context, reference, shape);
}

/** Pages are in the order of offers: the call that ended last is looked for among so many of the newest. */
const LATELY = 20;

/**
 * The calls in which the number is a party: by the number itself, or as an extension's. Every organization may have
 * the same numbers, so that of an ADMINISTRATOR's, too, they are those of its own.
 */
async function callsWith(
  { database, principal: { organizationId }, visibility: { ownerId } }: Context,
  number: string,
  status: 'ONGOING' | 'LAST',
): Promise<readonly CallView[]> {
  const visibility = { organizationId, ownerId };
  const extensions = await readExtensions(database, number, {}, visibility);
  const states: CallFilter['states'] =
    status === 'LAST' ? ['ENDED'] : ['DIALING', 'RINGING', 'CONNECTED', 'HELD'];
  const extensionIds = extensions.map(({ id }) => id);
  const filters: CallFilter[] = [{ states, number }];
  if (extensionIds.length > 0) filters.push({ states, extensionIds });
  const pages = await Promise.all(filters.map((filter) => newest(database, filter, visibility)));
  const found = new Map(pages.flat().map((call) => [call.id, call]));
  const moment = (call: CallView) => (status === 'LAST' && call.endedAt) || call.offeredAt;
  return [...found.values()].sort((a, b) => Date.parse(moment(b)) - Date.parse(moment(a)));
}

async function newest(database: Database, filter: CallFilter, visibility: Visibility) {
  const page = { limit: LATELY, backward: false, after: null, before: null };
  const list = { of: 'calls', shape: {}, total: false, page, filter } as const;
  return (await readPage(database, list, visibility)).rows;
}
