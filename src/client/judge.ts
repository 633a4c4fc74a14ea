import { fieldsOf } from './fields-of.ts';
import { FollowError } from './follow-error.ts';

/** What to do about a failure. */
export type Verdict =
  | { readonly kind: 'END'; readonly error: FollowError }
  /** The credentials were refused: new ones may help. */
  | { readonly kind: 'LOGIN' }
  /** Try again, after this many milliseconds at the earliest. */
  | { readonly kind: 'RETRY'; readonly afterMs: number };

/** Codes of errors that pass; one without a code is not of Tandem, but of something in between, and may pass, too. */
const PASSING: readonly unknown[] = [
  undefined,
  'RATE_LIMITED',
  'UNAVAILABLE',
  'INTERNAL',
  'INTERNAL_SERVER_ERROR',
];
const LOGIN_CLOSES = [4401, 4403];
/** Bad request, another subprotocol, message too big: the same again will be the same again. */
const LAST_CLOSES = [4400, 4406, 1009];
const LOGIN_STATUSES: readonly unknown[] = [401, 403];

const RETRY: Verdict = { kind: 'RETRY', afterMs: 0 };

/** Tells what ends following from what passes: a list of GraphQL errors, a close event, or whatever a client throws. */
export function judge(error: unknown): Verdict {
  if (error instanceof FollowError) return { kind: 'END', error };
  const refusals = refusalsIn(error);
  if (refusals.length > 0) return judgeRefusals(refusals);
  const close = closeCodeOf(error);
  if (close && LAST_CLOSES.includes(close)) {
    const message = `The server closed the connection with ${close}.`;
    return { kind: 'END', error: new FollowError('REFUSED', message, error) };
  }
  const needsLogin = (close && LOGIN_CLOSES.includes(close)) || isLoginStatus(error);
  return needsLogin ? { kind: 'LOGIN' } : RETRY;
}

function judgeRefusals(refusals: readonly unknown[]): Verdict {
  const codes = refusals.map((refusal) => fieldsOf(fieldsOf(refusal)['extensions'])['code']);
  const last = codes.findIndex((code) => code !== 'UNAUTHENTICATED' && !PASSING.includes(code));
  if (last >= 0) {
    const refusal = refusals[last];
    const message = String(fieldsOf(refusal)['message']);
    return { kind: 'END', error: new FollowError(String(codes[last]), message, refusal) };
  }
  if (codes.includes('UNAUTHENTICATED')) return { kind: 'LOGIN' };
  return { kind: 'RETRY', afterMs: Math.max(...refusals.map(waitOf)) };
}

/** GraphQL errors: of graphql-ws they are a list, of Apollo `errors`, of urql `graphQLErrors`. */
export function refusalsIn(error: unknown): readonly unknown[] {
  if (Array.isArray(error)) return error;
  const { errors, graphQLErrors } = fieldsOf(error);
  return [errors, graphQLErrors].flatMap((list) => (Array.isArray(list) ? list : []));
}

function waitOf(refusal: unknown): number {
  const { retryAfter } = fieldsOf(fieldsOf(refusal)['extensions']);
  return typeof retryAfter === 'number' ? retryAfter * 1000 : 0;
}

/** The code with which a WebSocket was closed: urql has the event as `networkError`, Apollo only a sentence. */
export function closeCodeOf(error: unknown): number | undefined {
  const { code, networkError, message } = fieldsOf(error);
  if (typeof code === 'number') return code;
  if (networkError) return closeCodeOf(networkError);
  const [, digits] = /^Socket closed with event (\d{4})\b/.exec(String(message)) ?? [];
  return digits ? Number(digits) : undefined;
}

/** Whether HTTP said so: as Apollo's `statusCode`, or in the `response` of urql and graphql-sse. */
function isLoginStatus(error: unknown): boolean {
  const { statusCode, response } = fieldsOf(error);
  return [statusCode, fieldsOf(response)['status']].some((status) =>
    LOGIN_STATUSES.includes(status),
  );
}
