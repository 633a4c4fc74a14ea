import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';

/** The id of the request under way, for the log: what goes wrong deep inside knows nothing of requests. */
export const requestIds = new AsyncLocalStorage<string>();

/** The ids of one request. */
interface RequestIds {
  /** What a client or a proxy has called it, when logs can hold that; else Tandem's own. For the answer and the log. */
  readonly requestId: string;
  /** For what is kept for ever: a client may have chosen a number that is to be forgotten. */
  readonly ownId: string;
}

export function requestIdsOf(given: string | string[] | undefined): RequestIds {
  // Nothing is ordered by it, and Node makes these in stock: one in order costs a twentieth of a small query.
  const ownId = randomUUID();
  const isFit = typeof given === 'string' && /^[\w.-]{1,64}$/.test(given);
  return { requestId: isFit ? given : ownId, ownId };
}
