import { AsyncLocalStorage } from 'node:async_hooks';
import { v7 as uuidv7 } from 'uuid';

/** The id of the request under way, for the log: what goes wrong deep inside knows nothing of requests. */
export const requestIds = new AsyncLocalStorage<string>();

/** The id that a client or a proxy has given its request, when it is one that logs can hold; else a new one. */
export const requestIdOf = (given: string | string[] | undefined) =>
  typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : uuidv7();
