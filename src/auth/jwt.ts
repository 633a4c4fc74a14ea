import { createRemoteJWKSet, jwtVerify } from 'jose';
import { SCOPES, type Scope } from '../model/account.ts';
import { GatewayError } from '../model/errors.ts';

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

/** Checks a JSON Web Token; refuses with UNAUTHENTICATED. Keys come from the issuer and are kept for a while. */
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
    }).catch((error: unknown) => {
      // The issuer being away is no fault of the token, but it cannot be believed either.
      throw new GatewayError('UNAUTHENTICATED', undefined, { cause: error });
    });
    const { sub = '', exp = 0, scope } = payload;
    return { username: sub, scopes: scopesOf(scope), expiresAt: new Date(exp * 1000) };
  };
}

/** RFC 8693's `scope`, words between spaces: what it names and no more; all when an issuer does without scopes. */
function scopesOf(claim: unknown): readonly Scope[] {
  if (claim === undefined) return SCOPES;
  const words = typeof claim === 'string' ? claim.toUpperCase().split(' ') : [];
  return SCOPES.filter((scope) => words.includes(scope));
}
