import { sql } from 'drizzle-orm';
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
  const { text = newSecret(), id = uuidv7(), passwordMark = null } = options;
  await on.rows(sql`
    insert into tokens (id, organization_id, user_id, app_id, hash, scopes, password_mark, expires_at)
    values (${id}::uuid, ${organizationId}::uuid, ${userId}::uuid, ${appId}::uuid,
      ${hashSecret(text)}, ${sql.param(scopes)}::text[], ${passwordMark}, ${expiresAt?.toISOString() ?? null}::timestamptz)`);
  return text;
}

/** Takes away what nobody can use any more: apps fetch new tokens every hour. */
export async function forgetExpiredTokens(on: Executor): Promise<void> {
  await on.rows(sql`delete from authorization_codes where expires_at < now()`);
  await on.rows(sql`delete from refresh_tokens where expires_at < now()`);
  await on.rows(sql`delete from tokens t where least(t.expires_at, t.revoked_at) < now() - interval '1 day'
    and not exists (select from refresh_tokens r where r.token_id = t.id)`);
}
