import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** A UDP port of the loopback that nobody has now. */
export async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}

/** Whether somebody has the UDP port by now. */
export async function isUdpPortTaken(port: number): Promise<boolean> {
  const socket = createSocket('udp4').bind(port, '127.0.0.1');
  const isTaken = await once(socket, 'listening').then(
    () => false,
    () => true,
  );
  socket.close();
  return isTaken;
}
