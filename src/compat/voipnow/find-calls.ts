import type { CallState } from '../../model/call.ts';
import { GatewayError } from '../../model/errors.ts';
import type { Execute } from '../dialect.ts';
import { graphql } from '../graphql.ts';
import type { Leg } from './leg-of.ts';
import { extensionOf, LIVE, ownerOf, type Place, shownBelow, theirsOf } from './live-calls.ts';
import { readNodes } from './read-nodes.ts';

const FindCalls = graphql(`
  query VoipnowFindCalls(
    $owner: String, $extension: String, $filter: CallFilter, $first: Int, $after: String
  ) {
    calls(owner: $owner, extension: $extension, filter: $filter, first: $first, after: $after) {
      totalCount
      nodes {
        id state offeredAt identifiers { scheme value }
        participants {
          sequence role state number parkedBy extension { number shortNumber owner { number } }
        }
      }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`);

/** A call that may be acted on. */
export interface Found {
  readonly id: string;
  readonly state: CallState;
  readonly offeredAt: string;
  readonly identifiers: readonly { readonly scheme: string; readonly value: string }[];
  readonly participants: readonly Leg[];
}

/** The call below the user and the extension of the path, up. */
export async function findCall(
  execute: Execute,
  { userId, extension }: Place,
  { callId = '' }: Readonly<Record<string, string | undefined>>,
): Promise<Found> {
  const [call] = await callsNamed(execute, { userId, extension }, callId);
  if (!call) throw new GatewayError('CALL_NOT_FOUND');
  if (call.state === 'ENDED') throw new GatewayError('WRONG_STATE', 'The phone call has ended.');
  return call;
}

/** The call of this id below the user and the extension of the path, up or over; empty when there is none. */
export async function callsNamed(
  execute: Execute,
  { userId, extension }: Place,
  callId: string,
): Promise<readonly Found[]> {
  const { calls } = await execute(FindCalls, {
    owner: userId,
    extension: extensionOf(userId, extension, callId),
    filter: { identifier: { scheme: 'VOIPNOW' as const, value: callId } },
    first: 1,
  });
  return calls.nodes;
}

/** All live calls of the user and the extension of the path. */
export async function findCalls(execute: Execute, place: Place) {
  const extension = extensionOf(place.userId, place.extension, undefined);
  const owner = await ownerOf(execute, place);
  const found = await readLive(execute, { owner, extension });
  return found.filter(theirsOf({ ...place, userId: owner }));
}

/** All that a list of the same path shows. */
export async function callsShown(execute: Execute, place: Place): Promise<readonly Found[]> {
  const extension = extensionOf(place.userId, place.extension, undefined);
  const isShown = await shownBelow(execute, place);
  const found = await readLive(execute, { owner: place.userId, extension });
  return isShown ? found.filter(isShown) : found;
}

async function readLive(
  execute: Execute,
  of: { readonly owner: string; readonly extension: string | null },
): Promise<readonly Found[]> {
  const read = async ({ first, after }: { first?: number; after?: string | null }) => {
    const filter = { states: [...LIVE] };
    const page = { ...(first !== undefined && { first }), ...(after !== undefined && { after }) };
    return (await execute(FindCalls, { ...of, filter, ...page })).calls;
  };
  const { nodes } = await readNodes<Found>(read, {
    backward: false,
    enough: Number.POSITIVE_INFINITY,
  });
  return nodes;
}
