import { isDeepStrictEqual } from 'node:util';
import { sql } from 'drizzle-orm';
import { GatewayError } from '../model/errors.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { Transaction } from '../store/database.ts';
import { erasedAt, markErased, msSince } from './erased-at.ts';
import { lockedCall, logUserData } from './log-change.ts';
import { logErasure } from './log-erasure.ts';
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

/** A change of a call's user data; CLEAR takes away whatever is there. */
export type Change = {
  /** Before the switch was told of it, by `performance.now()`; absent where only the row has it. */
  readonly sentAt?: number;
} & (
  | { readonly erases: 'ALL'; readonly patch: Patch | 'CLEAR' }
  | { readonly erases: 'NOTHING' | 'KEYS'; readonly patch: Patch }
);

/** What decides about a change, as it is in the locked row. */
export interface Row {
  readonly userData: JsonObject | null;
  readonly heldForLegal: boolean;
  readonly erasedMsAgo: number | null;
}

/** The columns of the call `c` that this is made of. */
export const ROW = sql`c.user_data as "userData", c.held_for_legal as "heldForLegal",
  ${msSince(sql`c.user_data_erased_at`)} as "erasedMsAgo"`;

/** Locks a call and changes its user data, as `writeUserData` does. */
export async function patchStoredData(tx: Transaction, callId: string, change: Change) {
  const row = await lockedCall<Row>(tx, callId, ROW);
  if (!row) throw new GatewayError('CALL_NOT_FOUND');
  writeUserData(tx, callId, row, change);
}

/**
 * Changes a locked call's user data in its row and in the log, in a transaction of its own. That is sent when this
 * returns, and what comes behind it need not wait for it.
 */
export function writeUserData(tx: Transaction, callId: string, row: Row, change: Change): void {
  const userData = userDataAfter(row, change);
  if (!userData) return;
  const { patch, erases } = change;
  if (erases === 'ALL') logErasure(tx, callId, userData);
  else {
    const isErased = erases === 'KEYS';
    logUserData(tx, callId, { userData, erasedKeys: isErased ? Object.keys(patch) : [] });
    if (isErased) markErased(tx, callId);
  }
}

/**
 * What a call's user data will be; refuses what must not be done to it. Null when user data was erased while the switch
 * was told of more: it may have come before that, and the switch says itself what it has.
 */
function userDataAfter(row: Row, { patch, erases, sentAt }: Change): JsonObject | null {
  const isOvertaken = sentAt !== undefined && sentAt <= erasedAt(row.erasedMsAgo);
  const changes = patch === 'CLEAR' ? {} : patch;
  if (row.heldForLegal) checkHeld(row.userData ?? {}, changes, erases);
  if (isOvertaken && erases === 'NOTHING') return null;
  const userData = patch === 'CLEAR' ? {} : merged(row.userData ?? {}, patch);
  // Once more, and with what has come meanwhile: many at once would each have found room.
  if (erases === 'NOTHING') checkUserData(userData);
  return userData;
}
