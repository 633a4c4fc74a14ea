import { expect, test } from 'vitest';
import { siteOf } from '../../src/compat/genesys/origins.ts';

test.each([
  ['http://a/api/v2/me', [], 'SameSite=Lax'],
  ['https://a/api/v2/me', [], 'SameSite=Lax; Secure'],
  // Browsers take no such cookie without TLS.
  ['http://a/api/v2/me', ['https://b'], 'SameSite=Lax'],
  ['https://a/api/v2/me', ['https://b'], 'SameSite=None; Secure'],
])('a cookie of %s where %j are let in: %s', (url, origins, end) => {
  const site = siteOf(url, origins);

  expect(site).toBe(end);
});
