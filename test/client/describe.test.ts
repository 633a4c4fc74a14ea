import { expect, test } from 'vitest';
import { describe } from '../../src/client/describe.ts';

test.each([
  [{ code: 1006, reason: '' }, 'CLOSED', 'The connection was closed with 1006.'],
  [{ networkError: { code: 1012 } }, 'CLOSED', 'The connection was closed with 1012.'],
  [[{ message: 'Words.', extensions: { code: 'UNAVAILABLE' } }], 'UNAVAILABLE', 'Words.'],
  [{ graphQLErrors: [{ message: 'Words.' }] }, 'BROKEN', 'Words.'],
  [new TypeError('fetch failed'), 'BROKEN', 'fetch failed'],
  [{ message: '' }, 'BROKEN', 'The connection is broken.'],
  [undefined, 'BROKEN', 'The connection is broken.'],
])('%j is %s in words', (error, code, message) => {
  expect(describe(error)).toEqual({ code, message });
});
