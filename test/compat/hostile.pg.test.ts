import fc from 'fast-check';
import { expect, test } from 'vitest';
import { startTandem } from '../support/tandem.ts';
import { hostile } from './hostile.ts';

// Enough for every request of the run.
const settings = { RATE_LIMIT: '1000000', AUTH_FAILURE_LIMIT: '1000000' };
const CREDENTIALS = {
  authorization: 'Bearer demo-alice-token',
  key: 'apiKey=74c8eea0-50c6-40b2-9f3e-252ed501c3c8&token=demo-alice-token',
};

test('a server over a real database never answers bad input with a failure of its own', async () => {
  await using tandem = await startTandem({ demo: true, settings });

  await fc.assert(
    fc.asyncProperty(hostile, fc.boolean(), async ({ target, ...question }, known) => {
      const headers = known
        ? { ...question.headers, authorization: CREDENTIALS.authorization }
        : question.headers;
      const url = `${tandem.url}${target}${known ? `&${CREDENTIALS.key}` : ''}`;

      const { status } = await fetch(url, { ...question, ...(headers && { headers }) });

      if (status !== 501) expect(status).toBeLessThan(500);
    }),
    { numRuns: 500 },
  );
});
