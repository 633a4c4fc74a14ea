import { expect, test } from 'vitest';
import { judge } from '../../src/client/judge.ts';

const refusal = (code?: string, more = {}) => ({
  message: 'Words.',
  extensions: { ...(code && { code }), ...more },
});

test.each([
  ['BAD_INPUT', [refusal('BAD_INPUT')]],
  ['EXTENSION_NOT_FOUND', { errors: [refusal('EXTENSION_NOT_FOUND')] }],
  ['FORBIDDEN', { graphQLErrors: [refusal(), refusal('FORBIDDEN')] }],
  ['QUERY_TOO_COMPLEX', [refusal('UNAUTHENTICATED'), refusal('QUERY_TOO_COMPLEX')]],
  ['REFUSED', { code: 4400, reason: 'Invalid message' }],
  ['REFUSED', { networkError: { code: 4406, reason: '' }, graphQLErrors: [] }],
  ['REFUSED', new Error('Socket closed with event 4400 Invalid message')],
])('%s ends it: %j', (code, error) => {
  expect(judge(error)).toMatchObject({ kind: 'END', error: { code } });
});

test.each([
  [[refusal('UNAUTHENTICATED')]],
  [{ code: 4403, reason: 'Forbidden' }],
  [new Error('Socket closed with event 4403 Forbidden')],
  [{ networkError: { code: 4403, reason: 'Forbidden' } }],
  [{ statusCode: 401 }],
  [{ response: { status: 401 } }],
])('%j asks for new credentials', (error) => {
  expect(judge(error)).toEqual({ kind: 'LOGIN' });
});

test.each([
  [{ code: 1006, reason: '' }, 0],
  [{ code: 1012, reason: 'Service restart' }, 0],
  [{ code: 1013, reason: '' }, 0],
  [{ code: 4500, reason: 'Internal server error' }, 0],
  [new TypeError('fetch failed'), 0],
  [{ message: 'an ErrorEvent' }, 0],
  [[refusal('UNAVAILABLE', { retryAfter: 1 })], 1000],
  [[refusal('INTERNAL')], 0],
  [[refusal()], 0],
  [[refusal('RATE_LIMITED', { retryAfter: 3 }), refusal('INTERNAL')], 3000],
  [undefined, 0],
])('%j is tried again', (error, afterMs) => {
  expect(judge(error)).toEqual({ kind: 'RETRY', afterMs });
});
