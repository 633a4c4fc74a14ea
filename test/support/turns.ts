import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** A long way to a port of the loopback, which counts how often somebody on it waits for an answer. */
export interface LongWay extends AsyncDisposable {
  readonly port: number;
  /** So far: what is sent before the answer to the last has come belongs to one turn. */
  turns(): number;
}

/** Long enough for all that is sent at once to be on the way before the first of it is answered. */
const ONE_WAY_MS = 25;

export async function openLongWay(target: number): Promise<LongWay> {
  const sockets = new Set<Socket>();
  let turns = 0;
  let isAnswered = true;
  const carry = (from: Socket, to: Socket, passing: () => void) => {
    sockets.add(from);
    from.on('error', () => from.destroy());
    from.on('close', () => to.destroy());
    from.on('data', async (bytes) => {
      passing();
      await delay(ONE_WAY_MS);
      if (!to.destroyed) to.write(bytes);
    });
  };
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ port: target, host: '127.0.0.1', noDelay: true });
    carry(near, far, () => {
      if (isAnswered) turns += 1;
      isAnswered = false;
    });
    carry(far, near, () => {
      isAnswered = true;
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    turns: () => turns,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
