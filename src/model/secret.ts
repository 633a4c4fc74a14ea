import { hash, randomBytes } from 'node:crypto';

/** What is stored of a secret that has entropy of its own: its SHA-256 in hexadecimal. */
export const hashSecret = (secret: string) => hash('sha256', secret);

/** What is stored of an api key: a GUID, in which case makes no difference. */
export const hashApiKey = (apiKey: string) => hashSecret(apiKey.toLowerCase());

/** A new secret of 32 letters and digits, as Verba's tokens are: 190 bits. */
export function newToken(): string {
  const letters = randomBytes(96)
    .toString('base64')
    .replaceAll(/[^A-Za-z0-9]/g, '');
  // Of 128 characters some four are no letters or digits.
  return letters.length < 32 ? newToken() : letters.slice(0, 32);
}

/** A new secret of 256 bits, in letters, digits, `-` and `_`. */
export const newSecret = () => randomBytes(32).toString('base64url');

/** A new secret of 192 bits that signs, in the form of Standard Webhooks. */
export const newSigningSecret = () => `whsec_${randomBytes(24).toString('base64')}`;
