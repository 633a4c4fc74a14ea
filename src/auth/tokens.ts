import { type SQL, sql } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import { SCOPES, type Scope } from '../model/account.ts';
import { hashSecret, newSecret } from '../model/secret.ts';
import type { Executor } from '../store/database.ts';

interface IssueOptions {
  readonly userId: string;
  readonly organizationId: string;
  readonly appId?: string | null;
  readonly scopes?: readonly Scope[];
  /** The password for which it is given, as the principal has it: with another one it ends. */
  readonly passwordMark?: string | null | undefined;
  /** The hash of the consent's code that led to it. */
  readonly codeHash?: string | null;
  /** Null means that it does not expire. */
  readonly expiresAt: Date | null;
  /** A text of the caller's choice instead of a random one: only for the demo's printed tokens. */
  readonly text?: string;
  /** Defaults to a new one. */
  readonly id?: string;
}

/** Makes an opaque token; only its hash is stored, so this is the one moment to show it. */
export async function issueToken(on: Executor, options: IssueOptions): Promise<string> {
  const { userId, organizationId, appId = null, scopes = SCOPES, expiresAt } = options;
  const { text = newSecret(), id = uuidv7(), passwordMark = null, codeHash = null } = options;
  await on.rows(sql`
    insert into tokens (id, organization_id, user_id, app_id, hash, scopes, password_mark, code_hash, expires_at)
    values (${id}::uuid, ${organizationId}::uuid, ${userId}::uuid, ${appId}::uuid,
      ${hashSecret(text)}, ${sql.param(scopes)}::text[], ${passwordMark},
      ${codeHash}, ${expiresAt?.toISOString() ?? null}::timestamptz)`);
  return text;
}

/** Whose a token is, or was, for as long as it is remembered: a day after its end. Lets nobody in. */
export async function ownerOfToken(on: Executor, text: string): Promise<string | null> {
  const [row] = await on.rows<{ userId: string }>(
    sql`select user_id as "userId" from tokens where hash = ${hashSecret(text)}`,
  );
  return row?.userId ?? null;
}

/** What became of a revocation. */
interface RevokedToken {
  readonly id: string;
  readonly organizationId: string;
  readonly userId: string;
}

/**
 * Revokes the tokens of which a condition on `t` holds. One that is renewed at this moment is waited for, but not what
 * is issued instead: that is there the next time.
 */
export async function revokeTokens(on: Executor, which: SQL): Promise<RevokedToken[]> {
  const revoked: RevokedToken[] = [];
  for (;;) {
    const rows = await on.rows<RevokedToken>(
      sql`update tokens t set revoked_at = now() where ${which} and t.revoked_at is null
        returning t.id, t.organization_id as "organizationId", t.user_id as "userId"`,
    );
    if (rows.length === 0) return revoked;
    revoked.push(...rows);
  }
}

/** Takes away what nobody can use any more: apps fetch new tokens every hour. */
export async function forgetExpiredTokens(on: Executor): Promise<void> {
  await on.rows(sql`delete from authorization_codes where expires_at < now()`);
  await on.rows(sql`delete from refresh_tokens where expires_at < now()`);
  await on.rows(sql`delete from tokens t where least(t.expires_at, t.revoked_at) < now() - interval '1 day'
    and not exists (select from refresh_tokens r where r.token_id = t.id)`);
}
