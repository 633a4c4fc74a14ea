import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A way to another port that can be cut. */
export interface TcpProxy extends AsyncDisposable {
  readonly port: number;
  /** Ends all connections and takes no new ones. */
  cut(): Promise<void>;
  /** Ends the connections that there are with a reset, as a machine that has gone does; new ones work. */
  reset(): void;
  /** Says nothing more on the connections that there are, and does not end them; new ones work. */
  swallow(): void;
  /** Takes connections again. */
  mend(): Promise<void>;
  /** Carries nothing over the connections that there are, as if forgotten on the way; new ones get through. */
  forget(): void;
}

/** Opens one to a port of the loopback. */
export async function openTcpProxy(target: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  };
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ port: target, host: '127.0.0.1', noDelay: true });
    for (const socket of [near, far]) keep(socket);
    near.pipe(far).pipe(near);
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  });
  const port = await listen(server, 0);
  const cut = async () => {
    if (!server.listening) return;
    server.close();
    for (const socket of sockets) socket.destroy();
    await once(server, 'close');
  };
  return {
    port,
    cut,
    reset: () => {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    swallow: () => {
      for (const socket of sockets) socket.unpipe().resume();
    },
    mend: async () => {
      await listen(server, port);
    },
    forget: () => {
      for (const socket of sockets) socket.unpipe().pause();
    },
    [Symbol.asyncDispose]: cut,
  };
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port.');
  return address.port;
}
