import { type SQL, sql } from 'drizzle-orm';
import type { Transaction } from '../store/database.ts';

/** Takes note that keys of user data were erased: what was under way before it must not be written after it. The call is locked. */
export const markErased = (tx: Transaction, callId: string): void =>
  tx.send(sql`update calls set user_data_erased_at = clock_timestamp() where id = ${callId}::uuid`);

/** How long ago a moment of the store is, in milliseconds; null for null. */
export const msSince = (moment: SQL) =>
  sql`(extract(epoch from clock_timestamp() - ${moment}) * 1000)::float8`;

/**
 * When that was by `performance.now()` here, asked as soon as the store has answered: too late by the time that its
 * answer took, and never too early. So no clock need agree with another.
 */
export const erasedAt = (msAgo: number | null): number =>
  msAgo === null ? Number.NEGATIVE_INFINITY : performance.now() - msAgo;
