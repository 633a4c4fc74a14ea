import type { FeedMessage } from '../feed/feed.ts';
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

/** Follows the calls that the principal sees, until the reader leaves or the credentials end. */
export async function followCalls(
  context: Context,
  { after, filter }: FollowArgs,
): Promise<AsyncIterableIterator<FeedMessage>> {
  if (after) decodePosition(after);
  if (filter?.callIds && !filter.callIds.every(isUuid)) {
    throw new GatewayError('BAD_INPUT', 'One of `callIds` is not the id of a call.');
  }
  const leaving = new AbortController();
  const messages = context.feed.read({
    visibility: context.visibility,
    filter: {
      extensionIds: filter?.extensions ? await extensionIds(context, filter.extensions) : null,
      callIds: filter?.callIds?.map((id) => id.toLowerCase()) ?? null,
      kinds: filter?.kinds ?? null,
      states: filter?.states ?? null,
    },
    after: after ?? null,
    signal: AbortSignal.any([context.signal, leaving.signal]),
  });
  const reader: AsyncIterableIterator<FeedMessage> = {
    next: () => messages.next(),
    // The reading may be waiting for a change: it must be told before it can return.
    return: async () => {
      leaving.abort();
      await messages.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => reader,
  };
  return reader;
}
