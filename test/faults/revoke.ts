import { sql } from 'drizzle-orm';
import { issueToken } from '../../src/auth/tokens.ts';
import { patiently } from '../../src/feed/patience.ts';
import { hashSecret } from '../../src/model/secret.ts';
import type { Database } from '../../src/store/database.ts';
import type { Followed } from './cast.ts';

/** How long somebody who hears nothing is waited for. */
const LONGEST_MS = 3000;

/** Takes away the token of one, and of all who have the same; for their next connection they have another. */
export async function revoke(
  database: Database,
  followed: readonly Followed[],
  { index, signal }: { readonly index: number; readonly signal: AbortSignal },
): Promise<void> {
  const one = followed[index % followed.length];
  if (!one) return;
  // Whoever hears something is connected, and has to be sent away.
  await one.subscriber.hears(LONGEST_MS);
  const token = one.subscriber.token();
  const next = await patiently(
    () => issueToken(database, { ...one.owner, expiresAt: null }),
    signal,
  );
  for (const { subscriber } of followed) if (subscriber.token() === token) subscriber.renew(next);
  await patiently(
    () =>
      database.rows(sql`update tokens set revoked_at = now() where hash = ${hashSecret(token)}`),
    signal,
  );
}
