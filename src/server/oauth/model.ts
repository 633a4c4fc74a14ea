import OAuth2Server from '@node-oauth/oauth2-server';
import {
  type Consent,
  findConsent,
  findOauthApp,
  findRenewal,
  type Issued,
  issueGrant,
  type OauthApp,
  type Spent,
} from '../../auth/oauth.ts';
import { SCOPES } from '../../model/account.ts';
import { hashSecret, newSecret } from '../../model/secret.ts';
import { revokeSpentCode, revokeSpentRenewal } from '../../operations/revoke-spent.ts';
import type { Database } from '../../store/database.ts';
import type { Counter } from '../context.ts';
import { scopesOf } from './scopes.ts';

type Model = Omit<OAuth2Server.AuthorizationCodeModel, 'saveAuthorizationCode'> &
  OAuth2Server.ClientCredentialsModel &
  OAuth2Server.RefreshTokenModel;

/** What apps may ask for tokens by. */
export const GRANTS: readonly string[] = [
  'client_credentials',
  'authorization_code',
  'refresh_token',
];

/** What the library keeps in its objects; it hands them back as it was given them. */
type Client = OAuth2Server.Client & { readonly app: OauthApp };

interface Options extends Counter {
  readonly database: Database;
  readonly peer: string;
}

/** Where the library finds apps and consents, and where it leaves tokens; for one request. */
export function createModel({ database, peer, count }: Options): Model {
  // The library has it revoked before it has looked at all of the request, and Postgres may go away meanwhile: it is
  // taken when there is something instead of it.
  let spent: Spent = {};
  let asking = '';
  return {
    async getClient(clientId, clientSecret) {
      // With a verifier of PKCE the library asks without a secret; no app here is without one.
      if (!clientSecret) return null;
      const app = await findOauthApp(database, clientId, peer);
      if (!app || app.clientSecretHash !== hashSecret(clientSecret)) return null;
      asking = app.clientId;
      return { id: app.clientId, grants: [...GRANTS], app } satisfies Client;
    },
    async getUserFromClient(client) {
      const { userId } = appOf(client);
      return userId === null ? null : { userId };
    },
    generateAccessToken: async () => newSecret(),
    generateRefreshToken: async () => newSecret(),
    validateScope: async (_, __, asked) => scopesOf(asked),
    async getAuthorizationCode(authorizationCode) {
      const consent = await findConsent(database, authorizationCode);
      if (!consent) {
        await revokeSpentCode(database, authorizationCode, asking);
        return null;
      }
      return codeOf(consent, authorizationCode);
    },
    async revokeAuthorizationCode({ authorizationCode: code }) {
      spent = { code };
      return true;
    },
    async getRefreshToken(refreshToken) {
      const renewal = await findRenewal(database, refreshToken);
      if (!renewal) {
        await revokeSpentRenewal(database, refreshToken, asking);
        return null;
      }
      const { scopes, userId, clientId, expiresAt } = renewal;
      return {
        ...{ refreshToken, scope: [...scopes], user: { userId } },
        client: { id: clientId, grants: [...GRANTS] },
        refreshTokenExpiresAt: new Date(expiresAt),
      };
    },
    async revokeToken({ refreshToken }) {
      spent = { refreshToken };
      return true;
    },
    async saveToken(token, client, user) {
      const { organizationId, id: appId } = appOf(client);
      const issued = issuedOf(token);
      const scopes = SCOPES.filter((scope) => token.scope?.includes(scope));
      // Not before: what is wrong is counted by its address.
      await count(user['userId']);
      const isIssued = await issueGrant(
        database,
        { organizationId, appId, userId: user['userId'], scopes },
        issued,
        spent,
      );
      if (!isIssued) {
        // Two have come with it at once.
        const { code, refreshToken } = spent;
        if (code !== undefined) await revokeSpentCode(database, code, asking);
        if (refreshToken !== undefined) await revokeSpentRenewal(database, refreshToken, asking);
        throw new OAuth2Server.InvalidGrantError('Invalid grant: it was used before');
      }
      return { ...token, client, user };
    },
    // Requests are authenticated elsewhere: the library is asked for tokens alone.
    getAccessToken: async () => null,
  };
}

function codeOf(consent: Consent, authorizationCode: string): OAuth2Server.AuthorizationCode {
  const { redirectUri, codeChallenge, scopes, userId } = consent;
  return {
    ...{ authorizationCode, redirectUri, scope: [...scopes], user: { userId } },
    ...(codeChallenge !== null && { codeChallenge, codeChallengeMethod: 'S256' }),
    client: { id: consent.clientId, grants: [...GRANTS] },
    expiresAt: new Date(consent.expiresAt),
  };
}

function issuedOf(token: OAuth2Server.Token): Issued {
  const { accessToken, accessTokenExpiresAt, refreshToken, refreshTokenExpiresAt } = token;
  if (!accessTokenExpiresAt) throw new Error('A token without an end was to be issued.');
  return {
    accessToken,
    expiresAt: accessTokenExpiresAt,
    ...(refreshToken &&
      refreshTokenExpiresAt && {
        refresh: { text: refreshToken, expiresAt: refreshTokenExpiresAt },
      }),
  };
}

const appOf = (client: OAuth2Server.Client) => (client as Client).app; // made by `getClient`
