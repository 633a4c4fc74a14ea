import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openGraphqlSocket } from '../support/graphql-socket.ts';
import { nextConnection } from '../support/server-side.ts';
import { startTandem, type TestTandem } from '../support/tandem.ts';

let tandem: TestTandem;
beforeAll(async () => {
  tandem = await startTandem({ demo: true });
});
afterAll(() => tandem[Symbol.asyncDispose]());

const MESSAGE = 900_000;

test('of a client that does not read no messages are taken until it does', async () => {
  const taking = nextConnection();
  await using client = await openGraphqlSocket(tandem);
  const connection = await taking;
  client.socket.pause();
  const paused = once(connection, 'pause');

  for (let n = 0; n < 40; n += 1) {
    client.send({ type: 'ping', payload: { n, big: 'x'.repeat(MESSAGE) } });
  }
  await paused;
  const waiting = connection.writableLength;
  client.socket.resume();
  await client.until(({ payload }) => JSON.stringify(payload ?? {}).startsWith('{"n":39,'));

  expect(waiting).toBeGreaterThan(512 * 1024);
  expect(waiting).toBeLessThan(512 * 1024 + 2 * MESSAGE);
  expect(client.got.slice(1).map(({ type }) => type)).toEqual(Array(40).fill('pong'));
  expect(connection.isPaused()).toBe(false);
});

test('small answers that nobody reads are bounded by their number', async () => {
  const taking = nextConnection();
  await using client = await openGraphqlSocket(tandem);
  const connection = await taking;
  client.socket.pause();
  const paused = once(connection, 'pause');
  connection.cork();

  for (let n = 0; n < 5000; n += 1) client.send({ type: 'ping' });
  await paused;
  const waiting = connection.writableLength;
  connection.uncork();
  client.socket.resume();
  while (client.got.length <= 5000) await once(client.socket, 'message');

  expect(waiting).toBeLessThan(256 * 1024);
  expect(client.got.slice(1).map(({ type }) => type)).toEqual(Array(5000).fill('pong'));
});
