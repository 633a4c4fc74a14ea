import { isDeepStrictEqual } from 'node:util';
import { sql } from 'drizzle-orm';
import { GatewayError } from '../model/errors.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { Executor } from '../store/database.ts';
import { eraseDtmf, eraseUserData, eraseUserDataKeys, lockCall, logChange } from './log-change.ts';
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

/** Changes a call's user data in its row and in the log, in a transaction of its own. */
export async function patchStoredData(
  tx: Executor,
  callId: string,
  patch: Patch,
  erases: Erases,
): Promise<void> {
  await lockCall(tx, callId);
  const [row] = await tx.rows<{ userData: JsonObject | null; heldForLegal: boolean }>(
    sql`select user_data as "userData", held_for_legal as "heldForLegal"
      from calls where id = ${callId}::uuid for update`,
  );
  if (!row) throw new GatewayError('CALL_NOT_FOUND');
  if (row.heldForLegal) checkHeld(row.userData ?? {}, patch, erases);
  const after = merged(row.userData ?? {}, patch);
  // Once more, and with what has come meanwhile: many at once would each have found room.
  if (erases === 'NOTHING') checkUserData(after);
  if (erases === 'ALL') await eraseUserData(tx, callId);
  if (erases === 'KEYS') await eraseUserDataKeys(tx, callId, Object.keys(patch));
  const changed =
    await tx.rows(sql`update calls set user_data = nullif(${sql.param(after)}::jsonb, '{}')
    where id = ${callId}::uuid and coalesce(user_data, '{}') <> ${sql.param(after)}::jsonb returning true`);
  if (changed.length > 0) await logChange(tx, callId, ['USER_DATA']);
  if (erases === 'ALL') await eraseDtmf(tx, callId);
}
