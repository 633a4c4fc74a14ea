import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { useServer } from 'graphql-ws/use/ws';
import { expect, test, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { schema } from '../../src/graphql/schema.ts';
import { ExactSocket } from '../../src/server/exact-socket.ts';

/** The server's end of a connection that is asked every so often whether it is there, and its client. */
async function openPair(keepAliveMs: number) {
  const http = createServer();
  const server = new WebSocketServer<typeof ExactSocket>({
    ...{ noServer: true, WebSocket: ExactSocket },
  });
  useServer({ schema }, server, keepAliveMs);
  const { promise: opened, resolve } = Promise.withResolvers<ExactSocket>();
  http.on('upgrade', (request, socket, head) =>
    server.handleUpgrade(request, socket, head, (ws) => {
      ws.over(socket);
      server.emit('connection', ws, request);
      resolve(ws);
    }),
  );
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo;
  const client = new WebSocket(`ws://127.0.0.1:${port}`, 'graphql-transport-ws');
  client.on('error', () => {});
  const [socket] = await Promise.all([opened, once(client, 'open')]);
  return {
    ...{ socket, client },
    [Symbol.asyncDispose]: async () => {
      client.terminate();
      http.close();
    },
  };
}

const PING = JSON.stringify({ type: 'ping', payload: { big: 'x'.repeat(900_000) } });

test('a client that sends pongs and reads nothing is cut off', async () => {
  await using pair = await openPair(1000);
  pair.client.pause();
  const closed = once(pair.socket, 'close');

  for (let n = 0; n < 24; n += 1) pair.client.send(PING);
  const pongs = setInterval(() => pair.client.pong(), 20);
  const [code] = await closed;
  clearInterval(pongs);

  expect(code).toBe(1006);
});

test('that a client hangs up before it has read its answers is no fault of the server', async () => {
  await using pair = await openPair(60_000);
  const print = vi.spyOn(console, 'error');
  pair.client.pause();
  for (let n = 0; n < 24; n += 1) pair.client.send(PING);
  while (!pair.socket.isPaused) await nextTurn();
  const sent = vi.fn();
  pair.socket.send('{}', sent);

  pair.client.terminate();
  await once(pair.socket, 'close');
  await nextTurn();

  expect(sent.mock.calls).toEqual([[]]);
  expect(print).not.toHaveBeenCalled();
});

test.each([
  ['a'.repeat(124), 'a'.repeat(123)],
  ['漢'.repeat(42), '漢'.repeat(41)],
  [`a${'😀'.repeat(40)}`, `a${'😀'.repeat(30)}`],
  ['a'.repeat(123), 'a'.repeat(123)],
])('of a reason to close goes what has room: %s', async (reason, sent) => {
  await using pair = await openPair(60_000);
  const closed = once(pair.client, 'close');

  pair.socket.close(4409, reason);
  const [code, got] = await closed;

  expect([code, String(got)]).toEqual([4409, sent]);
});
