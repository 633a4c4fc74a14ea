import { sql } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import type { Scope } from '../model/account.ts';
import { isWithin } from '../model/network.ts';
import { hashSecret } from '../model/secret.ts';
import { type Database, type Executor, firstRow } from '../store/database.ts';
import { issueToken } from './tokens.ts';

/** An app as OAuth's client. */
export interface OauthApp {
  readonly id: string;
  readonly organizationId: string;
  /** For whom it acts by itself; null when that user has gone to another organization. */
  readonly userId: string | null;
  readonly name: string;
  readonly clientId: string;
  readonly clientSecretHash: string | null;
  readonly redirectUris: readonly string[] | null;
}

/** Whom a token is for, and what it allows. */
interface Grant {
  readonly organizationId: string;
  readonly appId: string;
  readonly userId: string;
  readonly scopes: readonly Scope[];
}

/** A consent that waits for its app. */
export interface Consent extends Grant {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly codeChallenge: string | null;
  readonly expiresAt: string;
}

/** What renews a token. */
interface Renewal extends Grant {
  readonly clientId: string;
  readonly expiresAt: string;
}

/** The app of a client id, unless it is revoked or may not be used from this address. */
export async function findOauthApp(
  on: Executor,
  clientId: string,
  peer: string,
): Promise<OauthApp | undefined> {
  const row = await firstRow<OauthApp & { readonly networks: readonly string[] | null }>(
    on,
    sql`select a.id, a.organization_id as "organizationId", u.id as "userId", a.name, a.client_id as "clientId",
        a.client_secret_hash as "clientSecretHash", a.redirect_uris as "redirectUris", a.networks
      from apps a left join users u on u.id = a.user_id and u.organization_id = a.organization_id
      where a.client_id = ${clientId} and a.revoked_at is null`,
  );
  if (!row || (row.networks && !isWithin(row.networks, peer))) return undefined;
  const { networks: _, ...app } = row;
  return app;
}

/** Keeps a consent under its code. */
export async function saveConsent(
  on: Executor,
  code: string,
  consent: Omit<Consent, 'clientId'>,
): Promise<void> {
  await on.rows(sql`
    insert into authorization_codes (hash, organization_id, app_id, user_id, redirect_uri, code_challenge, scopes, expires_at)
    values (${hashSecret(code)}, ${consent.organizationId}::uuid, ${consent.appId}::uuid, ${consent.userId}::uuid,
      ${consent.redirectUri}, ${consent.codeChallenge}, ${sql.param(consent.scopes)}::text[],
      ${consent.expiresAt}::timestamptz)`);
}

/** The consent of a code, as long as its app and its user are what they were. */
export const findConsent = (on: Executor, code: string) =>
  firstRow<Consent>(
    on,
    sql`select c.organization_id as "organizationId", c.app_id as "appId", c.user_id as "userId", c.scopes,
        a.client_id as "clientId", c.redirect_uri as "redirectUri", c.code_challenge as "codeChallenge",
        c.expires_at as "expiresAt"
      from authorization_codes c join apps a on a.id = c.app_id join users u on u.id = c.user_id
      where c.hash = ${hashSecret(code)} and a.revoked_at is null and u.organization_id = c.organization_id
        and a.organization_id = c.organization_id`,
  );

/** What was taken away: what comes of it names the code with which it all began. */
interface Taken {
  readonly codeHash: string | null;
}

/** Takes a code away; undefined when somebody else has. */
const takeConsent = (on: Executor, code: string) =>
  firstRow<Taken>(
    on,
    sql`delete from authorization_codes where hash = ${hashSecret(code)} returning hash as "codeHash"`,
  );

/** The token that a refresh token renews, as long as nobody has revoked that, and it has not served. */
export const findRenewal = (on: Executor, refreshToken: string) =>
  firstRow<Renewal>(
    on,
    sql`select t.organization_id as "organizationId", t.app_id as "appId", t.user_id as "userId", t.scopes,
        a.client_id as "clientId", r.expires_at as "expiresAt"
      from refresh_tokens r join tokens t on t.id = r.token_id join apps a on a.id = t.app_id
        join users u on u.id = t.user_id
      where r.hash = ${hashSecret(refreshToken)} and r.spent_at is null
        and t.revoked_at is null and a.revoked_at is null
        and u.organization_id = t.organization_id and a.organization_id = t.organization_id`,
  );

/**
 * Takes a refresh token away; undefined when somebody else has, or has revoked what it renews. Whoever revokes that now
 * waits, and then finds what was issued instead.
 */
const takeRenewal = (on: Executor, refreshToken: string) =>
  firstRow<Taken>(
    on,
    sql`
      with renewed as (
        select t.id, t.code_hash from tokens t where t.revoked_at is null
          and t.id = (select token_id from refresh_tokens where hash = ${hashSecret(refreshToken)})
        for update
      )
      update refresh_tokens r set spent_at = now() from renewed where r.hash = ${hashSecret(refreshToken)}
        and r.spent_at is null and r.token_id = renewed.id returning renewed.code_hash as "codeHash"`,
  );

/** An app acts for itself for nothing. */
async function take(on: Executor, { code, refreshToken }: Spent): Promise<Taken | undefined> {
  if (code !== undefined) return takeConsent(on, code);
  if (refreshToken !== undefined) return takeRenewal(on, refreshToken);
  return { codeHash: null };
}

/** What is given to an app. */
export interface Issued {
  readonly accessToken: string;
  readonly expiresAt: Date;
  /** Absent where none is given. */
  readonly refresh?: { readonly text: string; readonly expiresAt: Date };
}

/** What a token is issued for: it serves once. */
export interface Spent {
  readonly code?: string;
  readonly refreshToken?: string;
}

/**
 * Issues a token, and what renews it, for what is taken away with that: all of it, or nothing. False when it was
 * taken before.
 */
export const issueGrant = (
  database: Database,
  grant: Grant,
  { accessToken, expiresAt, refresh }: Issued,
  spent: Spent,
) =>
  database.transaction(async (tx) => {
    const taken = await take(tx, spent);
    if (!taken) return false;
    const id = uuidv7();
    await issueToken(tx, { ...grant, ...taken, id, text: accessToken, expiresAt });
    if (!refresh) return true;
    await tx.rows(sql`insert into refresh_tokens (hash, organization_id, token_id, expires_at)
      values (${hashSecret(refresh.text)}, ${grant.organizationId}::uuid, ${id}::uuid,
        ${refresh.expiresAt.toISOString()}::timestamptz)`);
    return true;
  });
