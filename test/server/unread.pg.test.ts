import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openGraphqlSocket } from '../support/graphql-socket.ts';
import { rawConnection } from '../support/raw.ts';
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

const HANDSHAKE = [
  ...['GET /graphql HTTP/1.1', 'Host: x', 'Upgrade: websocket', 'Connection: Upgrade'],
  ...['Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', 'Sec-WebSocket-Version: 13'],
  ...['Sec-WebSocket-Protocol: graphql-transport-ws', '', ''],
].join('\r\n');

/** A ping that is answered by as much, in one frame: its mask changes nothing. */
function pingOf(characters: number): Buffer {
  const text = JSON.stringify({ type: 'ping', payload: { big: 'x'.repeat(characters) } });
  const start = Buffer.from([0x81, 0xff, ...Array(12).fill(0)]);
  start.writeBigUInt64BE(BigInt(text.length), 2);
  return Buffer.concat([start, Buffer.from(text)]);
}

test('a client that reads nothing, and ends its side, is cut off', async () => {
  const taking = nextConnection();
  using client = await rawConnection(tandem.port, HANDSHAKE);
  const connection = await taking;
  client.socket.pause();
  const ping = pingOf(100_000);
  // Until the kernel takes no more of the answers.
  for (let sent = HANDSHAKE.length; connection.writableLength < 2 * ping.length; ) {
    client.socket.write(ping);
    sent += ping.length;
    while (connection.bytesRead < sent) await nextTurn();
    await nextTurn();
  }
  const closed = once(connection, 'close');

  client.socket.end();
  await closed;

  expect(connection.readableEnded).toBe(true);
  expect(connection.writableFinished).toBe(false);
});
