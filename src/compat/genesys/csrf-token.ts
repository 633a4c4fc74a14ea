import { createHash } from 'node:crypto';

/** The name of the header that a GET gives, and that everything else must have (CSRF Protection). */
export const CSRF_HEADER = 'X-CSRF-TOKEN';

/** A uuid that goes with the session, and that nobody can tell who has not its secret. */
export const csrfTokenOf = (session: string): string =>
  createHash('sha256')
    .update(`csrf ${session}`)
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
