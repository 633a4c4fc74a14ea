import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import { SCOPES, type Scope } from '../model/account.ts';
import { GatewayError, PartAway } from '../model/errors.ts';

/** An issuer whose tokens are believed. */
export interface JwtIssuer {
  readonly issuer: string;
  readonly jwksUrl: string;
  /** Null takes tokens for any audience. */
  readonly audience: string | null;
}

/** What a believed token says. */
export interface JwtClaims {
  /** `sub`: the name of a user here. */
  readonly username: string;
  readonly scopes: readonly Scope[];
  readonly expiresAt: Date;
}

/** Checks a JSON Web Token; refuses with UNAUTHENTICATED, and fails when there are no keys. Keys come from the issuer and are kept for a while. */
export type VerifyJwt = (token: string) => Promise<JwtClaims>;

/** Asymmetric ones alone: a shared secret would let this server make tokens, too. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'EdDSA',
];

/** Whether a token looks like a JWT: three parts, where an opaque one has no dot. */
export const looksLikeJwt = (token: string) => token.split('.').length === 3;

export function createVerifyJwt({ issuer, jwksUrl, audience }: JwtIssuer): VerifyJwt {
  const keys = createRemoteJWKSet(new URL(jwksUrl));
  const options = { issuer, algorithms: ALGORITHMS, requiredClaims: ['sub', 'exp'] };
  return async (token) => {
    const { payload } = await jwtVerify(token, keys, {
      ...options,
      ...(audience && { audience }),
    }).catch(refuseToken);
    const { sub = '', exp = 0, scope } = payload;
    return { username: sub, scopes: scopesOf(scope), expiresAt: new Date(exp * 1000) };
  };
}

/** What jose throws when the issuer gives no keys; all that is none of jose's own comes from the way to it. */
const OF_THE_ISSUER = ['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC'];

/** A good token must not be thrown away because its issuer is away: then it is no refusal but a fault of ours. */
function refuseToken(error: unknown): never {
  if (error instanceof errors.JOSEError && !OF_THE_ISSUER.includes(error.code)) {
    throw new GatewayError('UNAUTHENTICATED', undefined, { cause: error });
  }
  throw new PartAway('The keys of JWT_JWKS_URL cannot be had.', { cause: error });
}

/** RFC 8693's `scope`, words between spaces: what it names and no more; all when an issuer does without scopes. */
function scopesOf(claim: unknown): readonly Scope[] {
  if (claim === undefined) return SCOPES;
  const words = typeof claim === 'string' ? claim.toUpperCase().split(' ') : [];
  return SCOPES.filter((scope) => words.includes(scope));
}
