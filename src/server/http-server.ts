import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hearClientErrors } from './client-errors.ts';

const SETTINGS = {
  ...{ requestTimeout: 30_000, headersTimeout: 20_000 },
  // It is refused with all other requests that are malformed; Node itself would send a status and nothing more.
  requireHostHeader: false,
};

/** Java's client offers `h2c` with its first request and expects an ordinary answer when it is not taken up. */
const wantsWebSocket = ({ headers }: IncomingMessage) =>
  headers.upgrade?.toLowerCase() === 'websocket';

/** Makes an HTTP server none of whose refusals are Node's own. */
export function createHttpServer(): Server {
  const server = createServer({ ...SETTINGS, shouldUpgradeCallback: wantsWebSocket });
  hearClientErrors(server);
  return server;
}

/** Begins to listen, and gives the port. */
export async function listen(
  server: Server,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return (server.address() as AddressInfo).port; // listening on TCP, so it is no pipe
}
