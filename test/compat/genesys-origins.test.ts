import { expect, test } from 'vitest';
import { shareWith } from '../../src/compat/genesys/origins.ts';

test.each([
  ['https://pbx.example', 'https://pbx.example', 200],
  // A proxy has taken TLS off.
  ['https://pbx.example', 'http://pbx.example', 200],
  ['http://pbx.example', 'http://pbx.example', 200],
  ['http://pbx.example', 'https://pbx.example', 403],
])('a page of %s that posts to %s: %d', async (origin, server, status) => {
  const answer = shareWith(['https://desk.example'], async () => new Response());
  const post = { method: 'POST', headers: { origin } };

  const response = await answer(new Request(`${server}/api/v2/me`, post), {});

  expect(response?.status).toBe(status);
});
