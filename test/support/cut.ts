import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A way to a Tandem that can be cut. */
export interface Cut extends AsyncDisposable {
  /** The way's own address, as `http://127.0.0.1:port`. */
  readonly url: string;
  /** Ends every connection without a word, as a pulled plug does; new ones get through. */
  cut(): void;
}

/** Opens a way to a port of this machine. */
export async function openCut(port: number): Promise<Cut> {
  const pairs = new Set<readonly [Socket, Socket]>();
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    const pair = [near, far] as const;
    pairs.add(pair);
    near.pipe(far);
    far.pipe(near);
    for (const socket of pair) {
      socket.on('error', () => {});
      socket.on('close', () => {
        pairs.delete(pair);
        for (const other of pair) other.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('There is no port.');
  const cut = () => {
    for (const pair of pairs) for (const socket of pair) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${address.port}`,
    cut,
    [Symbol.asyncDispose]: async () => {
      server.close();
      cut();
      await once(server, 'close');
    },
  };
}
