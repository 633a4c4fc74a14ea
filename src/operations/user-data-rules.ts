import { GatewayError } from '../model/errors.ts';
import { areExact, notHeld } from '../model/exact-json.ts';
import type { JsonObject } from '../model/json.ts';

/** What fits into a call: more would not go through any switch. */
const MOST_BYTES = 65_536;
const MOST_KEYS = 500;

/** Refuses user data that is too much, or that Postgres cannot keep. */
export function checkUserData(userData: JsonObject): void {
  const keys = Object.keys(userData);
  const text = JSON.stringify(userData);
  if (keys.length > MOST_KEYS || Buffer.byteLength(text) > MOST_BYTES) {
    throw new GatewayError('BAD_INPUT', `User data takes at most ${MOST_KEYS} keys and 64 KiB.`);
  }
  if (keys.includes('')) throw new GatewayError('BAD_INPUT', 'A key of user data is empty.');
  // jsonb has no place for U+0000 and for halves of surrogate pairs.
  if (/(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/i.test(text)) {
    throw new GatewayError('BAD_INPUT', 'User data must be well-formed text without U+0000.');
  }
}

/**
 * Gives the pairs that are to be set back; refuses null, which would take a key away, and numbers that were others when
 * they were sent.
 */
export function pairsOf(userData: JsonObject): JsonObject {
  if (Object.values(userData).includes(null)) {
    throw new GatewayError('BAD_INPUT', 'A value of user data is null; use deleteUserDataPair.');
  }
  if (!areExact(userData)) throw notHeld();
  return userData;
}
