import { createHash, randomBytes } from 'node:crypto';

/** What is stored of a secret that has entropy of its own: its SHA-256 in hexadecimal. */
export const hashSecret = (secret: string) => createHash('sha256').update(secret).digest('hex');

/** What is stored of an api key: a GUID, in which case makes no difference. */
export const hashApiKey = (apiKey: string) => hashSecret(apiKey.toLowerCase());

/** A new secret of 256 bits, in letters, digits, `-` and `_`. */
export const newSecret = () => randomBytes(32).toString('base64url');
