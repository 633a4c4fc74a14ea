import type { FeedMessage, FeedRequest } from '../feed/feed.ts';
import { decodePosition } from '../feed/position.ts';
import type { CallState, ChangeKind } from '../model/call.ts';
import { GatewayError } from '../model/errors.ts';
import { isUuid } from '../model/identifiers.ts';
import type { Context } from './context.ts';
import { extensionIds } from './find-extension.ts';

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
  if (after) decodePosition(after);
  if (filter?.callIds && !filter.callIds.every(isUuid)) {
    throw new GatewayError('BAD_INPUT', 'One of `callIds` is not the id of a call.');
  }
  const request: FeedRequest = {
    visibility: context.visibility,
    filter: {
      extensionIds: filter?.extensions ? await extensionIds(context, filter.extensions) : null,
      callIds: filter?.callIds?.map((id) => id.toLowerCase()) ?? null,
      kinds: filter?.kinds ?? null,
      states: filter?.states ?? null,
    },
    after: after ?? null,
    signal: context.signal,
  };
  return { request, [Symbol.asyncIterator]: () => context.feed.read(request) };
}
