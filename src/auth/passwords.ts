import { createHmac, randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';

const REMEMBERED = 1000;

/** Hashes a password with argon2id. */
export const hashPassword = (password: string) => hash(password);

/**
 * Hashes a number that is to be forgotten, with argon2id. Numbers are few: slow as it is, whoever has the hash alone
 * can try all of them in weeks of computing. With a key, argon2's secret, not even then.
 */
export const hashSubject = (number: string, key: string | undefined) =>
  hash(number, key === undefined ? {} : { secret: Buffer.from(key) });

/** Checks passwords. */
export interface Passwords {
  /** Null as the stored hash takes as long as a wrong password and says no. */
  verify(stored: string | null, password: string): Promise<boolean>;
}

/**
 * Legacy desktops send Basic with every request and argon2 is slow by design: what was right for a stored
 * hash is remembered under a key that lives as long as the process.
 */
export function createPasswords(): Passwords {
  const key = randomBytes(32);
  const right = new Set<string>();
  const decoy = hash(randomBytes(16).toString('hex'));
  return {
    async verify(stored, password) {
      if (stored === null) {
        await verify(await decoy, password);
        return false;
      }
      const name = createHmac('sha256', key)
        .update(stored)
        .update('\0')
        .update(password)
        .digest('base64');
      if (right.has(name)) return true;
      if (!(await verify(stored, password))) return false;
      if (right.size >= REMEMBERED) right.clear();
      right.add(name);
      return true;
    },
  };
}
