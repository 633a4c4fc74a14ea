import { fieldsOf } from './fields-of.ts';
import { FollowError } from './follow-error.ts';
import type { CallKey, FeedMessage } from './messages.ts';

const NEEDED =
  'Select `__typename`, `... on FeedEntry { position }`, `call { id version }` and `callId` of `callChanges`.';

/**
 * The message that a result brings, checked for what the helper needs; what is selected of a call besides is taken on
 * trust. Throws what a result says instead, or a `FollowError` BAD_DOCUMENT.
 */
export function readResult<Call extends CallKey>(result: unknown): FeedMessage<Call> {
  const { data, errors, error } = fieldsOf(result);
  // graphql-ws and server-sent events have `errors`, Apollo and urql `error`.
  if (Array.isArray(errors) && errors.length > 0) throw errors;
  if (error) throw error;
  const message = fieldsOf(data)['callChanges'];
  const missing = missingIn(fieldsOf(message));
  if (missing) throw new FollowError('BAD_DOCUMENT', `A message lacks \`${missing}\`. ${NEEDED}`);
  return message as FeedMessage<Call>; // checked above, as far as it can be
}

/** What a message must have and does not, or null. */
function missingIn(message: Readonly<Record<string, unknown>>): string | null {
  const isText = (name: string) => typeof message[name] === 'string';
  if (!isText('__typename')) return '__typename';
  if (!isText('position')) return 'position';
  switch (message['__typename']) {
    case 'CallSnapshot':
    case 'CallChanged':
      return missingInCall(fieldsOf(message['call']));
    case 'CallDeleted':
      return isText('callId') ? null : 'callId';
    default:
      return null;
  }
}

function missingInCall({ id, version }: Readonly<Record<string, unknown>>): string | null {
  if (typeof id !== 'string') return 'call { id }';
  return typeof version === 'number' ? null : 'call { version }';
}
