import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';

/** Both ends of a WebSocket, and what its client has got. */
export async function socketPair() {
  const http = createServer();
  const sockets = new WebSocketServer({ server: http });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const connected = once(sockets, 'connection') as Promise<[WebSocket, { socket: Socket }]>;
  const client = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`);
  const got: string[] = [];
  client.on('message', (data) => got.push(data.toString()));
  await once(client, 'open');
  const [socket, { socket: connection }] = await connected;
  return {
    socket,
    connection,
    client,
    got,
    [Symbol.asyncDispose]: async () => {
      client.terminate();
      sockets.close();
      http.close();
    },
  };
}
