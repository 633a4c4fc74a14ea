import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Desks, openDesks } from './desks.ts';
import { basic } from './desktop.ts';

let desks: Desks;

beforeAll(async () => {
  desks = await openDesks();
});
afterAll(() => desks[Symbol.asyncDispose]());

test('a script element gets its answer by a call of its function', async () => {
  const message = JSON.stringify([{ channel: '/meta/handshake', version: '1.0' }]);
  const query = new URLSearchParams({ message, jsonp: 'cometd._callback1' });

  const response = await fetch(`${desks.url}/api/v2/notifications?${query}`, {
    headers: { authorization: basic('alice') },
  });

  expect(response.headers.get('content-type')).toBe('text/javascript;charset=UTF-8');
  expect(await response.text()).toMatch(
    /^\/\*\*\/cometd\._callback1\(\[\{.*"successful":true.*\}\]\)$/,
  );
});

test('a script element hears by a call, too, that it is refused', async () => {
  const message = JSON.stringify([{ channel: '/meta/handshake', version: '1.0' }]);
  const query = new URLSearchParams({ message, jsonp: 'cometd._callback1' });

  const response = await fetch(`${desks.url}/api/v2/notifications?${query}`);

  expect(await response.text()).toMatch(/^\/\*\*\/cometd\._callback1\(\[.*handshake_denied/);
});
