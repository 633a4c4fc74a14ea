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

type Told = (error?: Error | null) => void;
type Write = (bytes: string | Buffer, told: Told) => boolean;

/** Lets a server hear that what it writes is on its way only when the test says so, each time anew. */
export function tellLate(connection: Socket): () => void {
  let untold: (() => void)[] = [];
  const write: Write = connection.write.bind(connection);
  Object.assign(connection, {
    write: (bytes: string | Buffer, told?: Told) =>
      write(bytes, (error) => void untold.push(() => told?.(error))),
  });
  return () => {
    const ready = untold;
    untold = [];
    for (const tell of ready) tell();
  };
}
