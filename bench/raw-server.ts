import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { answerCalls } from './rpc.ts';
import { sequenceText } from './writer.ts';

const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
const bySeat = new Map<number, WebSocket>();
server.on('connection', (socket, { url }) => {
  bySeat.set(Number(url?.slice('/?'.length)), socket);
});
await once(server, 'listening');

/** A frame of Tandem's, cut in two where its number stands. */
let frame: readonly [string, string] = ['', ''];

const handlers = {
  /** Says what a message looks like. */
  imitate: (head: string, tail: string) => {
    frame = [head, tail];
  },
  /** Sends one message to everybody, as the README of `ws` does. */
  broadcast: (sequence: number) => {
    const text = frame.join(sequenceText(sequence));
    for (const client of server.clients) client.send(text);
  },
  /** Sends one message to each in turn. */
  scatter: (from: number, to: number) => {
    for (let sequence = from; sequence < to; sequence += 1) {
      bySeat.get(sequence % bySeat.size)?.send(frame.join(sequenceText(sequence)));
    }
  },
};

/** What the plain broadcast can be asked. */
export type RawServer = typeof handlers;

answerCalls(handlers);
const { port } = server.address() as AddressInfo; // it listens on TCP
process.stdout.write(`listening on http://127.0.0.1:${port}\n`);
