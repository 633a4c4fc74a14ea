import { auditServer } from 'graphql-http';
import { expect, test } from 'vitest';
import { bearer } from '../support/ask.ts';
import { startTandem } from '../support/tandem.ts';

test('every audit of GraphQL over HTTP passes, and there are 61', async () => {
  await using tandem = await startTandem({ demo: true });
  const fetchFn = (url: string, init: RequestInit = {}) =>
    fetch(url, { ...init, headers: { ...bearer('alice'), ...init.headers } });

  const results = await auditServer({ url: `${tandem.url}/graphql`, fetchFn });

  const failed = results.filter(({ status }) => status !== 'ok').map(({ name }) => name);
  expect(failed).toEqual([]);
  expect(results).toHaveLength(61);
});
