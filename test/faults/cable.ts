import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/**
 * REFUSE resets what is open and all that comes; SWALLOW takes everything and passes nothing on, then resets;
 * STALL keeps all bytes back, and then goes on as if nothing had been.
 */
export type Cut = 'REFUSE' | 'SWALLOW' | 'STALL';

/** A cable between clients and one port that can be cut. */
export interface Cable extends AsyncDisposable {
  readonly port: number;
  /** Where new connections go; null refuses them. */
  pointTo(port: number | null): void;
  cut(how: Cut): void;
  mend(): void;
}

export async function openCable(): Promise<Cable> {
  let target: number | null = null;
  let cutBy: Cut | null = null;
  const pairs = new Set<readonly [Socket, Socket]>();

  const server = createServer({ noDelay: true }, (near) => {
    near.on('error', () => {});
    if (target === null || cutBy === 'REFUSE') {
      near.resetAndDestroy();
      return;
    }
    const far = connect({ port: target, host: '127.0.0.1', noDelay: true });
    far.on('error', () => {});
    const pair = [near, far] as const;
    pairs.add(pair);
    for (const [socket, other] of [pair, [far, near] as const]) {
      socket.on('close', () => {
        pairs.delete(pair);
        other.destroy();
      });
    }
    if (cutBy) apply(pair, cutBy);
    else join(pair);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('There is no free port.');
  const reset = () => {
    for (const [near, far] of pairs) {
      near.resetAndDestroy();
      far.resetAndDestroy();
    }
  };

  return {
    port: address.port,
    pointTo: (port) => {
      target = port;
    },
    cut: (how) => {
      cutBy = how;
      for (const pair of pairs) apply(pair, how);
    },
    mend: () => {
      if (cutBy === 'SWALLOW') reset();
      if (cutBy === 'STALL') pairs.forEach(join);
      cutBy = null;
    },
    [Symbol.asyncDispose]: async () => {
      // A reset of what is ending by itself may leave its handle open, and this process with it.
      for (const sockets of pairs) for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function join([near, far]: readonly [Socket, Socket]) {
  near.pipe(far);
  far.pipe(near);
}

function apply([near, far]: readonly [Socket, Socket], how: Cut) {
  for (const socket of [near, far]) {
    if (how === 'REFUSE') socket.resetAndDestroy();
    else socket.unpipe();
    if (how === 'SWALLOW') socket.resume();
    if (how === 'STALL') socket.pause();
  }
}
