import { isDeepStrictEqual } from 'node:util';
import { sql } from 'drizzle-orm';
import { GatewayError } from '../model/errors.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { Executor } from '../store/database.ts';
import { eraseDtmf, lockedCall, logUserData } from './log-change.ts';
import { checkUserData } from './user-data-rules.ts';

/** Keys and their new values; null takes a key away. */
export type Patch = Readonly<Record<string, Json>>;

/** What goes from the log, too: nothing, the keys of the patch, or everything, with what was pressed in the call. */
export type Erases = 'NOTHING' | 'KEYS' | 'ALL';

/** User data after a patch. */
export const merged = (before: JsonObject, patch: Patch): JsonObject =>
  Object.fromEntries(Object.entries({ ...before, ...patch }).filter(([, value]) => value !== null));

/** Of a call under legal hold nothing is taken away, and nothing is put in the place of what is there. */
export function checkHeld(before: JsonObject, patch: Patch, erases: Erases): void {
  const isKept = Object.entries(patch).every(
    ([key, value]) => !Object.hasOwn(before, key) || isDeepStrictEqual(before[key], value),
  );
  if (erases !== 'NOTHING' || !isKept) throw new GatewayError('LEGAL_HOLD');
}

/** A change of a call's user data. */
interface Change {
  /** CLEAR takes away whatever is there. */
  readonly patch: Patch | 'CLEAR';
  readonly erases: Erases;
}

/** Changes a call's user data in its row and in the log, in a transaction of its own. */
export async function patchStoredData(tx: Executor, callId: string, change: Change) {
  const after = await userDataAfter(tx, callId, change);
  // Sent one behind the other, without a turn between them.
  const changed = logUserData(tx, callId, after);
  await Promise.all([changed, change.erases === 'ALL' && eraseDtmf(tx, callId)]);
}

/** Locks a call, and gives what its user data will be; refuses what must not be done to it. */
async function userDataAfter(tx: Executor, callId: string, { patch, erases }: Change) {
  const row = await lockedCall<{ userData: JsonObject | null; heldForLegal: boolean }>(
    tx,
    callId,
    sql`c.user_data as "userData", c.held_for_legal as "heldForLegal"`,
  );
  if (!row) throw new GatewayError('CALL_NOT_FOUND');
  const changes = patch === 'CLEAR' ? {} : patch;
  if (row.heldForLegal) checkHeld(row.userData ?? {}, changes, erases);
  const userData = patch === 'CLEAR' ? {} : merged(row.userData ?? {}, patch);
  // Once more, and with what has come meanwhile: many at once would each have found room.
  if (erases === 'NOTHING') checkUserData(userData);
  return { userData, erased: erases === 'KEYS' ? { keys: Object.keys(changes) } : erases };
}
