import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

const CHANNEL = 'net.server.socket';

/** The next connection that a server in this process takes, as that server sees it. */
export function nextConnection(): Promise<Socket> {
  return new Promise((resolve) => {
    const take = (message: unknown) => {
      unsubscribe(CHANNEL, take);
      resolve((message as { socket: Socket }).socket); // documented with the channel
    };
    subscribe(CHANNEL, take);
  });
}
