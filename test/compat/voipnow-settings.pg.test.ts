import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTandem, type TestTandem } from '../support/tandem.ts';

let tandem: TestTandem;
beforeAll(async () => {
  const settings = { VOIPNOW_EMPTY_LIST_STATUS: '204', VOIPNOW_BAD_TOKEN_STATUS: '403' };
  tandem = await startTandem({ demo: true, settings });
});
afterAll(() => tandem?.[Symbol.asyncDispose]());

const get = (path: string, token: string) =>
  fetch(`${tandem.url}/uapi${path}`, { headers: { authorization: `Bearer ${token}` } });

test('an empty list is 204 where it is set so', async () => {
  const answer = await get('/phoneCalls/@me/8856', 'demo-alice-token');

  expect(answer.status).toBe(204);
  expect(await answer.text()).toBe('');
});

test('a token that is not valid is 403 where it is set so', async () => {
  const answer = await get('/phoneCalls/@me/8856', 'never-issued-token');

  expect(answer.status).toBe(403);
  expect(await answer.json()).toMatchObject({ error: { code: 'access_denied' } });
});

test('no token at all is 401 whatever is set', async () => {
  const answer = await fetch(`${tandem.url}/uapi/phoneCalls/@me/8856`);

  expect(answer.status).toBe(401);
});
