import { CSRF_HEADER } from '../csrf-token.ts';
import { string } from './words.ts';

/** When all this matters, in one sentence for both documents. */
export const WHEN_GUARDED = `Where the server guards against forgery (\`GWS_CSRF\`), what comes without a Bearer needs the session’s cookie and the \`${CSRF_HEADER}\` that a GET gave with it.`;

/** What requests other than GET have. */
export const TOKEN_PARAMETER = {
  ...{ name: CSRF_HEADER, in: 'header', required: false, schema: string },
  description: WHEN_GUARDED,
};

/** What a GET gives. */
export const TOKEN_HEADERS = {
  'X-CSRF-HEADER': { schema: { const: CSRF_HEADER }, description: 'Only where it is guarded.' },
  [CSRF_HEADER]: { schema: { type: 'string', format: 'uuid' }, description: WHEN_GUARDED },
};

/** The refusal of what may be forged is no JSON. */
export const FORGED = { 'text/plain': { schema: { const: 'Missing or invalid Csrf token' } } };
