import { sql } from 'drizzle-orm';

/**
 * Tells one stored password of the user of alias `u` from the next, and nothing about it: what was begun by a password
 * ends when there is another one. Null for a user that cannot log in by password.
 */
export const passwordMark = sql`encode(sha256(convert_to(u.password_hash, 'UTF8')), 'hex')`;
