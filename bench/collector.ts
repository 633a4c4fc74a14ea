import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerCalls } from './rpc.ts';

let bytes = 0;

// Takes traces and throws them away.
const server = createServer((request, response) => {
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
  });
  request.on('end', () => response.writeHead(200).end());
});

const handlers = { bytes: () => bytes };

/** What it can be asked. */
export type Collector = typeof handlers;

answerCalls(handlers);
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo; // it listens on TCP
process.stdout.write(`listening on http://127.0.0.1:${port}\n`);
