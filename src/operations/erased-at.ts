import { type SQL, sql } from 'drizzle-orm';
import type { Executor } from '../store/database.ts';

/** What is erased of a call: its user data or keys of it, or what was pressed in it, too. */
type Erased = 'USER_DATA' | 'USER_DATA_AND_DTMF';

/** Takes note of an erasure: what was under way before it must not be written after it. The call is locked. */
export const markErased = (tx: Executor, callId: string, erased: Erased) =>
  tx.rows(sql`
    update calls set user_data_erased_at = clock_timestamp()
      ${erased === 'USER_DATA' ? sql`` : sql`, dtmf_erased_at = clock_timestamp()`}
    where id = ${callId}::uuid`);

/** How long ago a moment of the store is, in milliseconds; null for null. */
export const msSince = (moment: SQL) =>
  sql`(extract(epoch from clock_timestamp() - ${moment}) * 1000)::float8`;

/**
 * When that was by `performance.now()` here, asked as soon as the store has answered: too late by the time that its
 * answer took, and never too early. So no clock need agree with another.
 */
export const erasedAt = (msAgo: number | null): number =>
  msAgo === null ? Number.NEGATIVE_INFINITY : performance.now() - msAgo;
