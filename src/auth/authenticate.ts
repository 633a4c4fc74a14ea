import { type SQL, sql } from 'drizzle-orm';
import { SCOPES, type Scope } from '../model/account.ts';
import type { Credentials } from '../model/credentials.ts';
import { GatewayError } from '../model/errors.ts';
import { isWithin } from '../model/network.ts';
import { hashApiKey, hashSecret } from '../model/secret.ts';
import { type Executor, firstRow } from '../store/database.ts';
import { looksLikeJwt, type VerifyJwt } from './jwt.ts';
import { passwordMark } from './password-mark.ts';
import { createPasswords } from './passwords.ts';
import type { Principal } from './principal.ts';

/** Finds out who is asking. Refuses with UNAUTHENTICATED, in words that do not help to guess. */
export type Authenticate = (credentials: Credentials, peerAddress: string) => Promise<Principal>;

interface AppFields {
  readonly appId: string | null;
  readonly networks: readonly string[] | null;
}

interface TokenRow extends Omit<Principal, 'expiresAt'>, AppFields {
  readonly expiresAt: string | null;
}

interface UserRow extends Omit<Principal, 'appId' | 'tokenId' | 'scopes' | 'expiresAt'> {
  readonly passwordHash: string | null;
  readonly passwordMark: string | null;
}

interface AppRow extends Principal, AppFields {
  readonly appId: string | null;
  readonly requiresToken: boolean;
  readonly allowsGet: boolean;
}

type ByKey = Extract<Credentials, { kind: 'apiKey' }>;
type ByKeyLogin = Extract<Credentials, { kind: 'apiKeyLogin' }>;
type WithKey = Pick<ByKey, 'apiKey' | 'inUrl'>;

const USER = sql`u.id as "userId", u.number as "userNumber", u.username, u.display_name as "displayName",
  u.account_type as "accountType", u.organization_id as "organizationId", o.name as "organizationName"`;
const OF_USER = sql`join users u on u.id = t.user_id join organizations o on o.id = u.organization_id`;

/** Neither it nor its app goes with a user to another organization: it was given for the one that it is of. */
const tokenStatement = (hash: string): SQL => sql`
  select ${USER}, t.app_id as "appId", t.id as "tokenId", t.scopes, t.expires_at as "expiresAt", a.networks
  from tokens t ${OF_USER} left join apps a on a.id = t.app_id
  where t.hash = ${hash} and t.revoked_at is null and a.revoked_at is null
    and (t.expires_at is null or t.expires_at > now())
    and t.organization_id = u.organization_id and (a.id is null or a.organization_id = u.organization_id)
    and (t.password_mark is null or t.password_mark = ${passwordMark})`;

const keyStatement = (hash: string): SQL => sql`
  select ${USER}, t.id as "appId", t.requires_token as "requiresToken", t.networks, o.allows_get as "allowsGet"
  from apps t ${OF_USER}
  where t.api_key_hash = ${hash} and t.revoked_at is null and t.organization_id = u.organization_id`;

const userStatement = (username: string): SQL => sql`
  select ${USER}, u.password_hash as "passwordHash", ${passwordMark} as "passwordMark"
  from users u join organizations o on o.id = u.organization_id where u.username = ${username}`;

/** Makes the one door through which every principal comes. */
export function createAuthenticate(on: Executor, verifyJwt: VerifyJwt | null = null): Authenticate {
  const passwords = createPasswords();

  async function byToken(token: string, peer: string): Promise<Principal> {
    const row = await firstRow<TokenRow>(on, tokenStatement(hashSecret(token)));
    if (!row || !mayComeFrom(row.networks, peer)) throw new GatewayError('UNAUTHENTICATED');
    const { networks, expiresAt, ...principal } = row;
    return { ...principal, expiresAt: expiresAt ? new Date(expiresAt) : null };
  }

  async function byJwt(token: string, verify: VerifyJwt): Promise<Principal> {
    const { username, scopes, expiresAt } = await verify(token);
    const row = await firstRow<UserRow>(on, userStatement(username));
    if (!row) throw new GatewayError('UNAUTHENTICATED');
    const { passwordHash, passwordMark: _, ...user } = row;
    return { ...user, ...UNLIMITED, scopes, expiresAt };
  }

  async function byPassword(username: string, password: string): Promise<Principal> {
    const row = await firstRow<UserRow>(on, userStatement(username));
    const right = await passwords.verify(row?.passwordHash ?? null, password);
    if (!row || !right) throw new GatewayError('UNAUTHENTICATED');
    const { passwordHash, ...user } = row;
    return { ...user, ...UNLIMITED };
  }

  /** The app of an api key, wherever from and however it comes. */
  async function appOf({ apiKey, inUrl }: WithKey, peer: string): Promise<AppRow> {
    const row = await firstRow<AppRow>(on, keyStatement(hashApiKey(apiKey)));
    if (!row || !mayComeFrom(row.networks, peer)) throw new GatewayError('UNAUTHENTICATED');
    if (row.allowsGet || !inUrl) return row;
    throw new GatewayError(
      'FORBIDDEN',
      'GET is turned off for this organization: use POST, with keys in its body.',
    );
  }

  async function byKey(credentials: ByKey, peer: string): Promise<Principal> {
    const { networks, requiresToken, allowsGet, ...app } = await appOf(credentials, peer);
    const { token } = credentials;
    const isNeeded = requiresToken || (credentials.byToken === true && token !== null);
    if (!isNeeded) return { ...app, ...UNLIMITED, appId: app.appId };
    return throughApp(await byToken(token ?? '', peer), app);
  }

  async function byKeyAndPassword(credentials: ByKeyLogin, peer: string): Promise<Principal> {
    const app = await appOf(credentials, peer);
    return throughApp(await byPassword(credentials.username, credentials.password), app);
  }

  return async (credentials, peer) => {
    if (credentials.kind === 'token') {
      const { token } = credentials;
      return verifyJwt && looksLikeJwt(token) ? byJwt(token, verifyJwt) : byToken(token, peer);
    }
    if (credentials.kind === 'password') {
      return byPassword(credentials.username, credentials.password);
    }
    if (credentials.kind === 'apiKey') return byKey(credentials, peer);
    if (credentials.kind === 'apiKeyLogin') return byKeyAndPassword(credentials, peer);
    throw new GatewayError('UNAUTHENTICATED');
  };
}

/** Somebody of the app's organization, whose token is no other app's. */
function throughApp(principal: Principal, { organizationId, appId }: Principal): Principal {
  const fits = principal.organizationId === organizationId;
  if (fits && (principal.appId ?? appId) === appId) return { ...principal, appId };
  throw new GatewayError('UNAUTHENTICATED');
}

const UNLIMITED: { appId: null; tokenId: null; scopes: readonly Scope[]; expiresAt: null } = {
  appId: null,
  tokenId: null,
  scopes: SCOPES,
  expiresAt: null,
};

const mayComeFrom = (networks: readonly string[] | null, peer: string) =>
  networks === null || isWithin(networks, peer);
