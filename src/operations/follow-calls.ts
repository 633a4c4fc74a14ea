import { requireScope } from '../auth/principal.ts';
import type { FeedMessage, FeedRequest } from '../feed/feed.ts';
import { decodePosition } from '../feed/position.ts';
import type { CallState, ChangeKind } from '../model/call.ts';
import { GatewayError } from '../model/errors.ts';
import { isUuid } from '../model/identifiers.ts';
import type { Context } from './context.ts';
import { extensionIds } from './find-extension.ts';

/** No more than a person would follow, as of extensions. */
const MOST_CALLS = 100;

interface FollowArgs {
  readonly after?: string | null | undefined;
  readonly filter?:
    | {
        readonly extensions?: readonly string[] | null | undefined;
        readonly callIds?: readonly string[] | null | undefined;
        readonly kinds?: readonly ChangeKind[] | null | undefined;
        readonly states?: readonly CallState[] | null | undefined;
      }
    | null
    | undefined;
}

/** What a principal follows; iterating it reads. */
export interface Following extends AsyncIterable<FeedMessage> {
  readonly request: FeedRequest;
}

/** Follows the calls that the principal sees, until the reader leaves or the credentials end. */
export async function followCalls(
  context: Context,
  { after, filter }: FollowArgs,
): Promise<Following> {
  requireScope(context.principal, 'READ');
  if (after) decodePosition(after);
  refuseEmpty(filter);
  const request: FeedRequest = {
    visibility: context.visibility,
    filter: {
      extensionIds: filter?.extensions ? await extensionIds(context, filter.extensions) : null,
      callIds: callIdsOf(filter?.callIds),
      kinds: distinct(filter?.kinds),
      states: distinct(filter?.states),
    },
    after: after ?? null,
    signal: context.signal,
  };
  return { request, [Symbol.asyncIterator]: () => context.feed.read(request) };
}

/** Nobody means to be told nothing, for ever. */
function refuseEmpty(filter: FollowArgs['filter']): void {
  const [name] = Object.entries(filter ?? {}).find(([, wanted]) => wanted?.length === 0) ?? [];
  if (name) throw new GatewayError('BAD_INPUT', `\`${name}\` names none; leave it out for all.`);
}

type Given<Value> = readonly Value[] | null | undefined;

const distinct = <Value>(given: Given<Value>) => (given ? [...new Set(given)] : null);

function callIdsOf(given: Given<string>): string[] | null {
  const ids = distinct(given?.map((id) => id.toLowerCase()));
  if (ids && ids.length > MOST_CALLS) {
    throw new GatewayError('BAD_INPUT', `A filter takes at most ${MOST_CALLS} calls.`);
  }
  if (ids?.every(isUuid) === false) {
    throw new GatewayError('BAD_INPUT', 'One of `callIds` is not the id of a call.');
  }
  return ids;
}
