import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A connection by which a test says to the byte what it likes. */
export interface RawConnection extends Disposable {
  readonly socket: Socket;
  /** Everything that comes until the server closes. */
  readonly rest: Promise<string>;
}

/** Opens one and writes to it. */
export async function rawConnection(port: number, text: string): Promise<RawConnection> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(text);
  return { socket, rest: readAll(socket), [Symbol.dispose]: () => void socket.destroy() };
}

async function readAll(socket: Socket): Promise<string> {
  const chunks: string[] = [];
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => chunks.push(chunk));
  // A reset loses nothing that has come before.
  socket.on('error', () => {});
  await new Promise((resolve) => socket.once('close', resolve));
  return chunks.join('');
}

/** Sends the bytes of a request and gives the whole answer. */
export async function rawExchange(port: number, text: string): Promise<string> {
  using connection = await rawConnection(port, text);
  return await connection.rest;
}
