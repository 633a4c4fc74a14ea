import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/**
 * REFUSE resets what is open and all that comes; SWALLOW takes everything and passes nothing on, then resets;
 * STALL keeps all bytes back, and then goes on as if nothing had been.
 */
export type Cut = 'REFUSE' | 'SWALLOW' | 'STALL';

/** A cable between clients and one port that can be cut, also more than once at a time. */
export interface Cable extends AsyncDisposable {
  readonly port: number;
  /** Where new connections go; null refuses them. */
  pointTo(port: number | null): void;
  /** Gives what mends this cut. */
  cut(how: Cut): () => void;
}

type Pair = readonly [near: Socket, far: Socket];

export async function openCable(): Promise<Cable> {
  let target: number | null = null;
  const cuts = new Set<{ readonly how: Cut }>();
  const pairs = new Set<Pair>();
  /** Of whose bytes some are gone: to go on as if nothing had been is not for them. */
  const swallowed = new Set<Pair>();

  const server = createServer({ noDelay: true }, (near) => {
    near.on('error', () => {});
    if (target === null || [...cuts].some(({ how }) => how === 'REFUSE')) {
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
        swallowed.delete(pair);
        other.destroy();
      });
    }
    if (cuts.size === 0) join(pair);
    for (const { how } of cuts) apply(pair, how);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('There is no free port.');

  function apply(pair: Pair, how: Cut) {
    for (const socket of pair) {
      if (how === 'REFUSE') socket.resetAndDestroy();
      else socket.unpipe();
      if (how === 'SWALLOW') socket.resume();
      if (how === 'STALL' && !swallowed.has(pair)) socket.pause();
    }
    if (how === 'SWALLOW') swallowed.add(pair);
  }

  function mend(cut: { readonly how: Cut }) {
    if (!cuts.delete(cut)) return;
    if (cut.how === 'SWALLOW') for (const socket of [...swallowed].flat()) socket.resetAndDestroy();
    if (cuts.size === 0) pairs.difference(swallowed).forEach(join);
  }

  return {
    port: address.port,
    pointTo: (port) => {
      target = port;
    },
    cut: (how) => {
      const cut = { how };
      cuts.add(cut);
      for (const pair of pairs) apply(pair, how);
      return () => mend(cut);
    },
    [Symbol.asyncDispose]: async () => {
      // A reset of what is ending by itself may leave its handle open, and this process with it.
      for (const sockets of pairs) for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function join([near, far]: Pair) {
  near.pipe(far);
  far.pipe(near);
}
