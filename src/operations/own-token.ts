import { sql } from 'drizzle-orm';
import { forgetPrincipal } from '../auth/recent.ts';
import { issueToken } from '../auth/tokens.ts';
import { GatewayError } from '../model/errors.ts';
import { newToken } from '../model/secret.ts';
import { writeAudit } from './audit.ts';
import type { Context } from './context.ts';

/** How long a token lasts unless more is asked for (Verba, API authentication), and at most. */
const HOUR_MS = 3_600_000;
const MOST_HOURS = 24;

/** The one moment to see a token. */
export interface OwnToken {
  readonly token: string;
  readonly expiresAt: string;
}

/** Gives whoever has logged in by a password or a key a token for some hours; no token begets another. */
export function issueOwnToken(context: Context, hours = 1): Promise<OwnToken> {
  if (hours < 1 || hours > MOST_HOURS) {
    throw new GatewayError('BAD_INPUT', `A token lasts for 1 to ${MOST_HOURS} hours.`);
  }
  const { tokenId, expiresAt: ends, ...principal } = context.principal;
  const { userId, organizationId, appId, scopes, passwordMark } = principal;
  if (tokenId !== null || ends !== null) {
    throw new GatewayError('FORBIDDEN', 'A token is given for a password, not for a token.');
  }
  const expiresAt = new Date(Date.now() + hours * HOUR_MS);
  return context.database.transaction(async (tx) => {
    const text = newToken();
    const whose = { userId, organizationId, appId, passwordMark };
    await issueToken(tx, { ...whose, scopes, expiresAt, text });
    await writeAudit(tx, context, { operation: 'issueToken', subjects: [], result: 'OK' });
    return { token: text, expiresAt: expiresAt.toISOString() };
  });
}

/** Revokes the token of this very request. */
export async function revokeOwnToken(context: Context): Promise<boolean> {
  const { tokenId } = context.principal;
  if (tokenId === null) {
    throw new GatewayError('BAD_INPUT', 'The request came with no token that could be revoked.');
  }
  await context.database.transaction(async (tx) => {
    await tx.rows(sql`update tokens set revoked_at = now() where id = ${tokenId}::uuid`);
    await writeAudit(tx, context, { operation: 'revokeToken', subjects: [tokenId], result: 'OK' });
  });
  forgetPrincipal(context.principal);
  return true;
}
